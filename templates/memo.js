"use strict";
(() => {
  // What if: from the beliefs to the market value at the horizon, as the program reckons it.
  const box = document.getElementById("sliders");
  if (box) {
    const inputs = [...box.querySelectorAll("input")];
    const horizon = Number(box.dataset.horizon);
    const target = Number(box.dataset.target);
    const outcome = document.getElementById("outcome");
    const asWritten = outcome.textContent;
    const moved = new Set();

    const typed = (input) => input.value + input.dataset.unit;
    const number = (text) => (text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text));
    const value = (input) => (moved.has(input) ? number(typed(input)) : Number(input.dataset.value));

    const marketValue = () => {
      const of = (role, segment) =>
        value(inputs.find((input) => input.dataset.role === role && input.dataset.segment === segment));
      let ebit = 0;
      for (const input of inputs.filter((input) => input.dataset.role === "growth")) {
        const segment = input.dataset.segment;
        ebit += Number(input.dataset.sales) * (1 + value(input)) ** horizon * of("margin", segment);
      }
      const beside = inputs.filter((input) => input.dataset.role === "beside");
      return of("multiple", "") * ebit + Number(box.dataset.fixed) + beside.reduce((sum, input) => sum + value(input), 0);
    };

    // Figures as the program prints them: rounded half up, thousands apart, nothing as minus zero.
    const digits = (amount, places, before = "") => {
      const [whole, rest] = (Math.abs(amount) * (1 + 1e-12)).toFixed(places).split(".");
      const size = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
      if (!/[1-9]/.test(size)) return before ? before + (places && amount ? size : "0") : size;
      return (amount < 0 ? "-" : "") + before + size;
    };
    const money = (amount) => {
      const size = Math.abs(amount);
      if (size >= 1e12) return digits(amount * 1e-12, 2, box.dataset.sign) + "T";
      return size >= 1e9 || !size
        ? digits(amount * 1e-9, 1, box.dataset.sign) + "bn"
        : digits(amount * 1e-6, 0, box.dataset.sign) + "M";
    };
    const percent = (share) => digits(share * 100, 1) + "%";
    const printed = {
      percent,
      billions: money,
      multiple: (times) => digits(times, 1) + "x",
    };

    const told = () => {
      const reached = marketValue();
      const away = reached / target - 1;
      const distance =
        Math.abs(away) < Number(box.dataset.close)
          ? "which is the target"
          : `${percent(Math.abs(away))} ${away < 0 ? "short of" : "above"} the target`;
      return `With these beliefs the market value comes to ${money(reached)} on ${box.dataset.by}, ${distance}.`;
    };
    const same = document.getElementById("same");
    const show = () => {
      for (const input of inputs) {
        const text = printed[input.dataset.show](value(input));
        input.previousElementSibling.textContent = text;
        input.setAttribute("aria-valuetext", text);
      }
      const set = inputs
        .filter((input) => moved.has(input) || "supposed" in input.dataset)
        .map((input) => ` --set ${input.dataset.driver}=${moved.has(input) ? typed(input) : input.dataset.value}`);
      same.textContent = same.dataset.command + set.join("");
      outcome.textContent = moved.size ? told() : asWritten;
    };
    box.addEventListener("input", (event) => {
      moved.add(event.target);
      show();
    });
    document.getElementById("as-written").addEventListener("click", () => {
      for (const input of inputs) input.value = input.defaultValue;
      moved.clear();
      show();
    });
    for (const input of inputs) input.value = input.defaultValue;
    show();
    box.hidden = false;
  }

  // A figure's evidence beside it, instead of at the end. Links to it stay links for whoever wants them.
  if ("popover" in HTMLElement.prototype) {
    const panel = document.createElement("div");
    panel.id = "panel";
    panel.popover = "auto";
    panel.tabIndex = -1;
    panel.setAttribute("role", "dialog");
    document.body.append(panel);
    document.addEventListener("click", (event) => {
      const mark = event.target.closest?.("a.note");
      if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const body = document.querySelector(mark.hash);
      if (!body || panel.contains(mark)) return;
      event.preventDefault();
      const title = document.createElement("p");
      title.className = "panel-title";
      const name = document.createElement("span");
      name.append(...[...body.parentElement.querySelector("summary").childNodes].map((node) => node.cloneNode(true)));
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = "Close";
      close.addEventListener("click", () => panel.hidePopover());
      title.append(name, close);
      const copy = body.cloneNode(true);
      copy.removeAttribute("id");
      copy.querySelector(".back a").hash = mark.hash;
      copy.querySelector(".back a").textContent = "Where it stands among all evidence";
      copy.querySelector(".back a").addEventListener("click", () => panel.hidePopover());
      panel.replaceChildren(title, copy);
      panel.setAttribute("aria-label", `Evidence of figure ${mark.textContent}`);
      panel.showPopover();
      panel.scrollTop = 0;
      panel.focus();
    });
  }
})();
