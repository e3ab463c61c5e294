// A button that opens a list of options; unlike a <select>, moving through it takes nothing yet.
import { h } from "vue";

let menus = 0;

export const MenuButton = {
  props: { label: String, selected: String, options: Array, busy: Boolean, waiting: Boolean },
  emits: ["take"],
  data: () => ({ open: false, at: 0, typed: "", id: `menu-${++menus}` }),
  methods: {
    show() {
      if (this.busy) return;
      this.at = Math.max(0, this.options.findIndex((option) => option.value === this.selected));
      this.open = true;
      this.$nextTick(() => {
        const list = this.$refs.list;
        list.showPopover?.();
        this.place(list);
        list.focus({ preventScroll: true });
        this.reveal();
      });
    },
    // Over everything else (a scrolling ancestor would cut it off), above or below the button.
    place(list) {
      const button = this.$refs.button.getBoundingClientRect();
      const below = innerHeight - button.bottom - 16;
      const above = button.top - 16;
      const up = below < Math.min(list.scrollHeight, 320) && above > below;
      list.style.maxHeight = `${Math.min(up ? above : below, 400)}px`;
      list.style.width = `${Math.min(Math.max(button.width, 320), innerWidth - 24)}px`;
      list.style.left = `${Math.min(button.left, innerWidth - list.offsetWidth - 12)}px`;
      list.style.top = up ? "auto" : `${button.bottom + 4}px`;
      list.style.bottom = up ? `${innerHeight - button.top + 4}px` : "auto";
    },
    hide(refocus = true) {
      this.open = false;
      if (refocus) this.$refs.button.focus();
    },
    take(at) {
      this.hide();
      this.$emit("take", this.options[at].value);
    },
    reveal() {
      this.$refs.list?.children[this.at]?.scrollIntoView({ block: "nearest" });
    },
    move(to) {
      this.at = Math.min(Math.max(to, 0), this.options.length - 1);
      this.$nextTick(this.reveal);
    },
    key(event) {
      const last = this.options.length - 1;
      const moves = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: last };
      if (event.key in moves) this.move(moves[event.key]);
      else if (event.key === "Enter" || event.key === " ") this.take(this.at);
      else if (event.key === "Escape") this.hide();
      else if (event.key === "Tab") return this.hide(false);
      else if (event.key.length === 1) this.jump(event.key);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    jump(letter) {
      clearTimeout(this.forget);
      this.forget = setTimeout(() => (this.typed = ""), 700);
      this.typed += letter.toLowerCase();
      const found = this.options.findIndex((option) =>
        option.label.toLowerCase().startsWith(this.typed),
      );
      if (found >= 0) this.move(found);
    },
    list() {
      const options = this.options.map((option, at) => {
        const described = option.description ? [h("small", option.description)] : [];
        return h(
          "li",
          {
            key: option.value,
            id: `${this.id}-${at}`,
            role: "option",
            "aria-selected": option.value === this.selected,
            class: { active: at === this.at },
            onClick: () => this.take(at),
            onMousemove: () => (this.at = at),
          },
          [h("span", option.label), ...described],
        );
      });
      return h(
        "ul",
        {
          ref: "list",
          class: "options",
          popover: "manual",
          role: "listbox",
          tabindex: -1,
          "aria-label": this.label,
          "aria-activedescendant": `${this.id}-${this.at}`,
          onKeydown: this.key,
          onFocusout: () => this.open && this.hide(false),
        },
        options,
      );
    },
  },
  render() {
    const chosen = this.options.find((option) => option.value === this.selected);
    const button = h(
      "button",
      {
        ref: "button",
        type: "button",
        class: ["menu-button", { waiting: this.waiting }],
        "aria-haspopup": "listbox",
        "aria-expanded": this.open,
        "aria-disabled": this.busy || null,
        "aria-label": chosen ? `${this.label}: ${chosen.label}` : this.label,
        onClick: () => (this.open ? this.hide() : this.show()),
        onKeydown: (event) => {
          if (["ArrowDown", "ArrowUp"].includes(event.key)) {
            event.preventDefault();
            this.show();
          }
        },
      },
      chosen ? chosen.label : this.label,
    );
    return h("div", { class: "menu" }, this.open ? [button, this.list()] : [button]);
  },
};
