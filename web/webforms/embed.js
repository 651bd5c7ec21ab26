(function () {
  "use strict";
  var told = {{ told|safe }};
  var tag = document.currentScript;
  if (!tag || !tag.parentNode) return;
  function make(name, attributes, text) {
    var element = document.createElement(name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    if (text) element.textContent = text;
    return element;
  }
  var box = make("div", {"data-earshot-form": "", "lang": told.language || document.documentElement.lang || "en"});
  var root = box.attachShadow ? box.attachShadow({mode: "open"}) : box;
  var form = make("form", {method: "post", action: told.to, "accept-charset": "utf-8"});
  form.style.cssText = "display:grid;gap:.75em;max-width:32em;font:inherit";
  function field(name, label, kind, required) {
    var around = make("label", {}, label);
    around.style.cssText = "display:grid;gap:.25em";
    var input = make(kind === "area" ? "textarea" : "input", {name: name});
    if (kind === "area") input.setAttribute("rows", "5"); else input.setAttribute("type", kind);
    if (required) input.setAttribute("required", "");
    input.style.cssText = "font:inherit;padding:.5em;box-sizing:border-box;width:100%";
    around.appendChild(input);
    form.appendChild(around);
    return around;
  }
  field("text", told.question, "area", true);
  field("name", told.words.name, "text", false).lastChild.setAttribute("autocomplete", "name");
  field("email", told.words.email, "email", false).lastChild.setAttribute("autocomplete", "email");
  var trap = field(told.trap, "Website", "text", false);
  trap.style.cssText = "position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden";
  trap.setAttribute("aria-hidden", "true");
  trap.lastChild.setAttribute("tabindex", "-1");
  trap.lastChild.setAttribute("autocomplete", "off");
  var hidden = {stamp: told.stamp, page: location.href.split("#")[0].slice(0, 2000), "case": (tag.getAttribute("data-case") || "").slice(0, 200)};
  Object.keys(hidden).forEach(function (name) { form.appendChild(make("input", {type: "hidden", name: name, value: hidden[name]})); });
  var button = make("button", {type: "submit"}, told.words.send);
  button.style.cssText = "font:inherit;padding:.5em 1em;justify-self:start";
  var status = make("p", {role: "status"});
  form.appendChild(button);
  form.appendChild(status);
  form.addEventListener("submit", function (event) {
    if (!window.fetch) return;
    event.preventDefault();
    button.disabled = true;
    var sent = new URLSearchParams(new FormData(form));
    fetch(told.to, {method: "POST", body: sent, credentials: "omit", headers: {Accept: "application/json"}})
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        if (said.received) { form.textContent = ""; form.appendChild(status); status.textContent = told.words.thanks; return; }
        button.disabled = false;
        status.textContent = said.message || told.words.failed;
      })
      .catch(function () { button.disabled = false; status.textContent = told.words.failed; });
  });
  root.appendChild(form);
  tag.parentNode.insertBefore(box, tag.nextSibling);
})();
