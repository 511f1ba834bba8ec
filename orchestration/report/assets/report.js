"use strict";
// Draws the charts of the page and keeps their window of days the same. Loads nothing.
(() => {
  const DAY = 864e5;
  const views = [];
  const bounds = { first: Infinity, last: -Infinity };
  let shown = null;

  // A date stands for the reader's own midnight, so that axis, tooltip and brush name the same day.
  const midnight = (text) => {
    const [year, month, day] = text.split("-").map(Number);
    return new Date(year, month - 1, day).getTime();
  };
  const iso = (time) => {
    const day = new Date(time);
    const two = (value) => String(value).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  };
  const isDay = (name) => name === "day" || name === "day_end";
  const expand = ({ fields, rows }) => rows.map((values) => {
    const row = Object.fromEntries(
      values.map((value, n) => [fields[n], isDay(fields[n]) && value ? midnight(value) : value]));
    if (row.day !== undefined && row.day_end === undefined) row.day_end = row.day + DAY;
    return row;
  });

  function tooltip(handler, event, item, value) {
    let box = document.getElementById("tip");
    if (!box) {
      box = document.body.appendChild(document.createElement("div"));
      box.id = "tip";
      box.setAttribute("aria-hidden", "true");
    }
    box.hidden = value == null;
    if (box.hidden) return;
    box.replaceChildren(...Object.entries(value).map(([name, text]) => {
      const line = document.createElement("div");
      const strong = document.createElement("b");
      strong.textContent = text;
      line.append(`${name}: `, strong);
      return line;
    }));
    const left = Math.min(event.clientX + 12, window.innerWidth - box.offsetWidth - 8);
    const above = event.clientY - box.offsetHeight - 12;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${above < 8 ? event.clientY + 16 : above}px`;
  }

  function show(start, end, origin) {
    if (!(start < end)) return;
    shown = [Math.max(start, bounds.first), Math.min(end, bounds.last)];
    document.getElementById("window-start").value = iso(shown[0]);
    document.getElementById("window-end").value = iso(shown[1] - 1);
    for (const { view, isTimed } of views) {
      if (isTimed) view.signal("window_start", shown[0]).signal("window_end", shown[1]).runAsync();
    }
    if (origin !== "preset") press(null);
  }

  function press(button) {
    document.querySelectorAll(".presets button").forEach((each) =>
      each.setAttribute("aria-pressed", String(each === button)));
  }

  function preset(button) {
    const months = Number(button.dataset.months);
    const start = new Date(bounds.last);
    if (months) start.setMonth(start.getMonth() - months);
    show(months ? start.getTime() : bounds.first, bounds.last, "preset");
    press(button);
  }

  function listen() {
    const [start, end] = ["window-start", "window-end"].map((id) => document.getElementById(id));
    for (const field of [start, end]) {
      field.min = iso(bounds.first);
      field.max = iso(bounds.last - 1);
      field.addEventListener("change", () => {
        if (start.value && end.value) show(midnight(start.value), midnight(end.value) + DAY, "field");
      });
    }
    const buttons = [...document.querySelectorAll(".presets button")];
    buttons.forEach((button) => button.addEventListener("click", () => preset(button)));
    const form = document.querySelector(".window");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    const months = window.innerWidth < 600 ? 6 : 12;
    preset(buttons.find((button) => Number(button.dataset.months) === months));
  }

  function draw(holder, content) {
    const spec = { ...content.spec, datasets: { ...content.spec.datasets, rows: content.rows } };
    const isTimed = (spec.params || []).some(({ name }) => name === "window_start");
    // Vega names the element that it draws into; the words of the page stay on the one around it
    const drawing = holder.appendChild(document.createElement("div"));
    drawing.setAttribute("aria-hidden", "true");
    const options = {
      renderer: "svg", actions: false, defaultStyle: false, hover: true, tooltip,
      logLevel: 1,  // errors: an empty window of days has no extent, which is no fault
    };
    return vegaEmbed(drawing, spec, options).then(({ view }) => {
      views.push({ view, isTimed, holder });
      if ((spec.params || []).some(({ name }) => name === "brush")) {
        view.addSignalListener("brush_day", (_, range) => {
          if (range && range.length) show(Number(range[0]), Number(range[1]), "brush");
        });
      }
      holder.dataset.drawn = "yes";
    });
  }

  function theme() {
    const root = document.documentElement;
    const button = document.getElementById("theme");
    const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme || (prefersDark.matches ? "dark" : "light")) === "dark";
    const name = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      name();
    });
    prefersDark.addEventListener("change", name);
    name();
    button.hidden = false;
  }

  const found = [...document.querySelectorAll("script[data-for]")].map((script) => {
    const { spec, fields, rows } = JSON.parse(script.textContent);
    return { holder: document.getElementById(script.dataset.for), content: { spec, rows: expand({ fields, rows }) } };
  });
  for (const { content } of found) {
    for (const row of content.rows) {
      if (row.day === undefined) break;
      bounds.first = Math.min(bounds.first, row.day);
      bounds.last = Math.max(bounds.last, row.day + DAY);
    }
  }
  theme();
  Promise.all(found.map(({ holder, content }) => draw(holder, content))).then(() => {
    if (bounds.first < bounds.last) listen();
    document.documentElement.dataset.ready = "yes";
  });
})();
