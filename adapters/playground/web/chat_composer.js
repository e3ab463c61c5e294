// The line to type in: completes slash commands and their options, sends with Enter.
import { h } from "vue";

const SHOWN = 20;

export default {
  props: { commands: Array, placeholder: String },
  emits: ["words"],
  data: () => ({ text: "", at: -1, dismissed: false }),
  computed: {
    // Each: what the line becomes, what is shown, and whether it can be sent as it is then.
    offers() {
      if (this.dismissed || !this.text.startsWith("/")) return [];
      const [, name, rest] = this.text.match(/^\/(\S*)(?:\s+(.*))?$/) ?? [];
      if (name === undefined) return [];
      if (!/\s/.test(this.text)) return this.named(name.toLowerCase());
      const command = this.commands.find((one) => one.name === name.toLowerCase());
      return command ? this.chosen(command, (rest ?? "").toLowerCase()) : [];
    },
    open() {
      return this.offers.length > 0;
    },
  },
  methods: {
    named(begun) {
      const found = this.commands.filter((one) => one.name.startsWith(begun));
      return found.map((one) => ({
        line: one.options.length ? `/${one.name} ` : `/${one.name}`,
        label: `/${one.name}`,
        hint: one.hint,
        description: one.description,
        whole: !one.options.length,
      }));
    },
    chosen(command, begun) {
      const line = (option) => `/${command.name} ${option.value}`;
      const found = command.options.filter(
        (option) =>
          option.value.startsWith(begun) ||
          option.label.toLowerCase().split(/\s+/).some((word) => word.startsWith(begun)) ||
          option.label.toLowerCase().startsWith(begun),
      );
      return found
        .filter((option) => line(option) !== this.text.trim())
        .slice(0, SHOWN)
        .map((option) => ({
          line: line(option),
          label: option.label,
          hint: option.value,
          description: option.description,
          whole: true,
        }));
    },
    typed(event) {
      this.text = event.target.value;
      this.dismissed = false;
      // With a word begun the first offer is meant; before that, and once the word is whole, Enter
      // sends the line as it is.
      const begun = /(^\/|\s)\S+$/.test(this.text) || this.text === "/";
      this.at = begun && !this.whole() ? 0 : -1;
    },
    whole() {
      const line = this.text.trim().toLowerCase();
      return this.commands.some((one) =>
        one.options.some((option) => line === `/${one.name} ${option.value}`),
      );
    },
    complete(offer) {
      this.text = offer.line;
      this.at = -1;
      this.$refs.line.focus();
    },
    accept(offer) {
      this.complete(offer);
      if (offer.whole) this.send();
    },
    send() {
      const words = this.text.trim();
      if (!words) return;
      this.text = "";
      this.at = -1;
      this.$emit("words", words);
    },
    move(by) {
      this.at = (this.at + by + this.offers.length) % this.offers.length;
      this.$nextTick(() => {
        document.getElementById(`offer-${this.at}`)?.scrollIntoView({ block: "nearest" });
      });
    },
    key(event) {
      if (event.isComposing) return;
      const offer = this.open ? this.offers[this.at] : undefined;
      if (event.key === "Enter") offer ? this.accept(offer) : this.send();
      else if (event.key === "Tab" && this.open && !event.shiftKey && this.text !== "") {
        this.complete(offer ?? this.offers[0]);
      } else if (event.key === "ArrowDown" && this.open) this.move(1);
      else if (event.key === "ArrowUp" && this.open) this.move(this.at < 0 ? 0 : -1);
      else if (event.key === "ArrowUp" && !this.text) this.latest();
      else if (event.key === "Escape" && this.open) this.dismissed = true;
      else return;
      event.preventDefault();
    },
    latest() {
      const posts = document.querySelectorAll(".post");
      const last = posts[posts.length - 1];
      (last?.querySelector(".card button") ?? last)?.focus();
    },
    list() {
      const offers = this.offers.map((offer, at) =>
        h(
          "li",
          {
            key: offer.line,
            id: `offer-${at}`,
            role: "option",
            "aria-selected": at === this.at,
            class: { active: at === this.at },
            onMousedown: (event) => event.preventDefault(),
            onClick: () => this.accept(offer),
          },
          [
            h("span", [offer.label, h("code", offer.hint)]),
            h("small", offer.description),
          ],
        ),
      );
      return h("ul", { id: "offers", class: "offers", role: "listbox", "aria-label": "Commands" }, offers);
    },
  },
  render() {
    const line = h("input", {
      ref: "line",
      id: "line",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 300,
      placeholder: this.placeholder,
      value: this.text,
      "aria-label": this.placeholder,
      "aria-autocomplete": "list",
      "aria-expanded": this.open,
      "aria-controls": "offers",
      "aria-activedescendant": this.open && this.at >= 0 ? `offer-${this.at}` : null,
      onInput: this.typed,
      onKeydown: this.key,
      onBlur: () => (this.dismissed = true),
    });
    const send = h(
      "button",
      {
        type: "button",
        class: "send",
        "aria-label": "Send",
        "aria-disabled": !this.text.trim(),
        onClick: this.send,
      },
      "➤",
    );
    return h("div", { class: "composer" }, this.open ? [this.list(), line, send] : [line, send]);
  },
};
