"""The columns we know of a roster and of a ledger of menus, and the names under which unions write them."""

from dataclasses import dataclass
from enum import StrEnum


class ImportKind(StrEnum):
    ROSTER = "roster"
    MENUS = "menus"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row can say. `aliases` are headings, the best one in front; it is also the field's label."""

    name: str
    aliases: tuple[str, ...]
    is_needed: bool = False

    @property
    def label(self) -> str:
        """The field as people call it."""
        return self.aliases[0]


def _field(name: str, *aliases: str, needed: bool = False) -> Field:
    return Field(name, aliases, needed)


ROSTER = (
    _field("name", "姓名", "专家姓名", "劳模姓名", "工匠姓名", "名字", "name", needed=True),
    _field("employer", "单位", "工作单位", "所在单位", "单位名称", "现工作单位", "所在企业", "企业名称", "employer"),
    _field("title", "职务", "岗位", "现任职务", "单位及职务", "职务岗位", "工作岗位", "title"),
    _field("honours", "荣誉", "荣誉称号", "所获荣誉", "称号", "获得荣誉", "主要荣誉", "劳模称号", "荣誉情况", "honour"),
    _field("honour_year", "获得时间", "授予时间", "获评时间", "获得年份", "授予年份", "获评年份", "评选年份"),
    _field("trade", "工种", "从事工种", "专业", "专业工种", "职业", "职业工种", "所学专业", "trade"),
    _field(
        "skills",
        "专长",
        "特长",
        "技术专长",
        "专业特长",
        "技能特长",
        "擅长领域",
        "擅长",
        "服务领域",
        "服务方向",
        "可提供服务",
        "skills",
    ),
    _field("skill_grade", "技能等级", "职业技能等级", "职业资格", "职业资格等级", "技术等级"),
    _field("professional_title", "职称", "专业技术职称", "技术职称", "专业技术职务"),
    _field("profile", "简介", "个人简介", "主要事迹", "事迹", "事迹简介", "基本情况", "profile"),
    _field("phone", "电话", "手机", "联系电话", "手机号", "手机号码", "电话号码", "联系方式", "办公电话", "phone"),
    _field("email", "邮箱", "电子邮箱", "电子邮件", "email"),
    _field("town", "镇区", "乡镇", "镇街", "所属乡镇", "所在镇", "所属镇区", "乡镇街道", "town"),
    _field("external_id", "编号", "专家编号", "劳模编号", "证书编号", "id"),
)

MENUS = (
    _field(
        "firm",
        "企业名称",
        "企业",
        "单位名称",
        "公司名称",
        "需求企业",
        "需求单位",
        "单位",
        "申报单位",
        "firm",
        needed=True,
    ),
    _field("uscc", "统一社会信用代码", "社会信用代码", "信用代码"),
    _field("contact_name", "联系人", "企业联系人", "联系人姓名", "负责人"),
    _field("phone", "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
    _field("town", "镇区", "乡镇", "镇街", "所属乡镇", "所在镇", "所属镇区", "园区", "所属园区", "region"),
    _field("industry", "行业", "所属行业", "行业类别", "industry"),
    _field("title", "难题名称", "需求名称", "项目名称", "需求标题", "标题", "title"),
    _field(
        "text",
        "需求内容",
        "难题",
        "需求",
        "难题内容",
        "问题描述",
        "具体需求",
        "需求描述",
        "技术难题",
        "难题描述",
        "存在问题",
        "点菜内容",
        "菜单内容",
        "企业需求",
        "生产难题",
        "problem",
        needed=True,
    ),
    _field("urgency", "紧急程度", "紧急", "缓急", "急需程度"),
    _field("posted_on", "提出时间", "登记时间", "填报时间", "征集时间", "日期", "提出日期", "登记日期", "时间"),
    _field("external_id", "编号", "需求编号", "菜单编号", "难题编号", "id"),
)

FIELDS: dict[ImportKind, tuple[Field, ...]] = {ImportKind.ROSTER: ROSTER, ImportKind.MENUS: MENUS}


def aliases(kind: ImportKind) -> dict[str, tuple[str, ...]]:
    """Field -> the headings it is known under."""
    return {field.name: field.aliases for field in FIELDS[kind]}


def labels(kind: ImportKind) -> dict[str, str]:
    """Field -> the word for it on a page."""
    return {field.name: field.label for field in FIELDS[kind]}


def by_label(kind: ImportKind) -> dict[str, str]:
    """The field behind its label or its own name."""
    return {word: field.name for field in FIELDS[kind] for word in (field.name, field.label)}
