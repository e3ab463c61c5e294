// A form in a modal dialog; what was typed stays until the form is answered.
import { h } from "vue";
import { draw } from "crossroads/tree.js";

export default {
  props: { tree: Object, settled: Number },
  emits: ["act", "dismiss"],
  data: () => ({ pending: null }),
  created() {
    this.values = {};
  },
  watch: {
    tree() {
      this.values = {};
      this.$nextTick(this.start);
    },
    settled() {
      this.pending = null;
    },
  },
  mounted() {
    this.opener = document.activeElement;
    this.$el.showModal();
    this.start();
  },
  beforeUnmount() {
    this.$el.close();
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
  },
  methods: {
    start() {
      const wrong = this.$el.querySelector("[aria-invalid=true]");
      (wrong ?? this.$el.querySelector(".control"))?.focus();
    },
    act(what) {
      if (this.pending !== null) return;
      this.pending = what.action;
      this.$emit("act", what);
    },
    close() {
      this.$emit("dismiss");
    },
  },
  render() {
    const { act, close, pending, values } = this;
    return h(
      "dialog",
      {
        class: "modal",
        "aria-label": this.tree.props["aria-label"],
        "aria-busy": pending !== null,
        onCancel: (event) => {
          event.preventDefault();
          this.close();
        },
      },
      [draw(this.tree, { act, close, pending, values })],
    );
  },
};
