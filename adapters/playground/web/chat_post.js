// One entry of the conversation: who, when, for whom, and what was said or the card.
import { h } from "vue";
import { draw } from "crossroads/tree.js";

export default {
  props: { post: Object, settled: Number, focused: Number },
  emits: ["act", "inspect"],
  data: () => ({ pending: null }),
  watch: {
    settled() {
      this.pending = null;
    },
    focused() {
      this.$nextTick(this.bring);
    },
  },
  mounted() {
    if (this.focused) this.bring();
  },
  methods: {
    act(what) {
      if (this.pending !== null) return;
      this.pending = what.action;
      this.$emit("act", what);
    },
    // Whoever pressed a control goes on from the card that answered it.
    bring() {
      const from = document.activeElement;
      if (!from || from === document.body || from.closest(".post, dialog")) {
        this.$el.focus({ preventScroll: true });
      }
      const tall = this.$el.offsetHeight > this.$el.closest(".scroll").clientHeight - 40;
      this.$el.scrollIntoView({ block: tall ? "start" : "nearest" });
    },
  },
  render() {
    const { post } = this;
    const time = h("time", { datetime: post.iso, title: post.when }, post.time);
    const bot = post.kind === "bot" ? [h("span", { class: "badge" }, "App")] : [];
    const head = h("div", { class: "head" }, [h("span", { class: "name" }, post.name), ...bot, time]);
    const lines = [];
    if (post.prompt) lines.push(h("p", { class: "prompt" }, draw(post.prompt, {})));
    lines.push(head);
    if (post.mark) lines.push(h("p", { class: "mark" }, post.mark));
    if (post.said) lines.push(h("p", { class: "said" }, post.said));
    if (post.card) lines.push(draw(post.card, { pending: this.pending, act: this.act }));
    if (post.card) {
      lines.push(
        h(
          "button",
          {
            type: "button",
            class: "inspect",
            "aria-label": `Inspect ${post.title}`,
            title: "Show this card in the inspector",
            onClick: () => this.$emit("inspect"),
          },
          "{ }",
        ),
      );
    }
    return h(
      "li",
      {
        class: ["post", post.kind],
        tabindex: -1,
        "data-post": post.id,
        "aria-busy": this.pending !== null,
        "aria-label": post.label,
      },
      [
        ...(post.day ? [h("p", { class: "day" }, post.day)] : []),
        h("span", { class: ["avatar", post.avatar], "aria-hidden": "true" }, post.initial),
        h("div", { class: "body" }, lines),
      ],
    );
  },
};
