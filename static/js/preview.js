// Chosen photos are shown small and made smaller before they travel: a phone's photo is several megabytes.
const LONGEST = 2048;

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size < 1_000_000) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // The server says what is wrong with it.
  }
}

export function previews() {
  document.querySelectorAll("input[type=file][data-preview]").forEach((input) => {
    input.addEventListener("change", async () => {
      const place = input.closest(".field").querySelector(".previews");
      place.replaceChildren();
      const chosen = new DataTransfer();
      for (const file of input.files) chosen.items.add(await smaller(file));
      input.files = chosen.files;
      for (const file of input.files) {
        if (!file.type.startsWith("image/")) {
          place.append(Object.assign(document.createElement("span"), { textContent: file.name }));
          continue;
        }
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        place.append(image);
      }
    });
  });
}
