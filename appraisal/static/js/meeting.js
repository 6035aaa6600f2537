// The timer of a point, where one was asked for: without script the page says until when.

const timer = document.querySelector("[data-ends]");
const ends = Date.now() + (new Date(timer.dataset.ends) - new Date(timer.dataset.now));

function tick() {
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  timer.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left for this point` : "The time for this point is over.";
  if (left) setTimeout(tick, 1000);
}

tick();
