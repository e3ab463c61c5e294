// JSON, with keys, strings and other values told apart by colour; all of it as text.
import { h } from "vue";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d[\d.eE+-]*/g;

function* pieces(text) {
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) yield text.slice(end, match.index);
    const [all, string, colon] = match;
    yield h("span", { class: colon ? "key" : string ? "string" : "value" }, string ?? all);
    if (colon) yield colon;
    end = match.index + all.length;
  }
  yield text.slice(end);
}

export default {
  props: { text: String },
  data: () => ({ copied: false }),
  methods: {
    async copy() {
      await navigator.clipboard.writeText(this.text);
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    },
  },
  render() {
    const text = this.text ?? "";
    const json = /^[[{]/.test(text);
    const copy = h(
      "button",
      { type: "button", class: "copy", onClick: this.copy, "aria-live": "polite" },
      this.copied ? "Copied" : "Copy",
    );
    return h("div", { class: "json" }, [
      ...(json ? [copy] : []),
      h("pre", { tabindex: 0, "aria-label": "Content" }, json ? [...pieces(text)] : text),
    ]);
  },
};
