// Signed in again: what was typed goes back to its page by itself.
document.querySelector("[data-resume]")?.submit();
