// Says that a file is too big before it is sent: the server cuts what is far too long, and a cut connection explains nothing.
for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  const check = () => {
    const [file] = input.files;
    input.setCustomValidity(file && file.size > Number(input.dataset.most) - 4096 ? input.dataset.tooLarge : "");
  };
  input.addEventListener("change", check);
  input.form.addEventListener("submit", (event) => {
    check();
    if (input.validity.customError) event.preventDefault();
    input.reportValidity();
  });
}
