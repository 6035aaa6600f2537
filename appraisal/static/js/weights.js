// The sum of the percentages as they are typed; the server says the same when the form is sent.

const form = document.querySelector("[data-weights]");
const sum = form?.querySelector("[data-sum]");

function number(text) {
  const value = Number(text.trim().replace(",", "."));
  return Number.isFinite(value) ? value : 0;
}

if (form && sum) {
  form.addEventListener("input", () => {
    const total = [...form.querySelectorAll("input[inputmode]")].reduce((all, input) => all + number(input.value), 0);
    sum.textContent = String(Math.round(total * 100) / 100);
  });
}
