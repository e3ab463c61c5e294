// Draws a tree of plain data: strings become text, never markup; what can be used calls `ctx.act`.
import { h } from "vue";
import { MenuButton } from "crossroads/menu.js";

export function draw(node, ctx) {
  if (typeof node === "string") return node;
  if (node.tag === "menu-button") return drawMenu(node, ctx);
  const props = { ...node.props };
  if (node.tag === "button") drawButton(node, props, ctx);
  if (node.tag === "form") drawForm(node, props, ctx);
  if (props.name && ctx.values) drawControl(props, ctx);
  return h(node.tag, props, node.children.map((child) => draw(child, ctx)));
}

function drawMenu(node, ctx) {
  return h(MenuButton, {
    ...node.props,
    key: node.act.action,
    busy: ctx.pending !== null,
    waiting: ctx.pending === node.act.action,
    onTake: (value) => ctx.act({ ...node.act, value }),
  });
}

function drawButton(node, props, ctx) {
  if (props["data-close"]) props.onClick = () => ctx.close();
  // Not `disabled`: that would take the focus away from whoever pressed it with the keyboard.
  if (ctx.pending !== null) props["aria-disabled"] = "true";
  if (!node.act) {
    if (props.type === "submit" && ctx.pending !== null) props.class += " waiting";
    return;
  }
  props.key = node.act.action;
  if (ctx.pending === node.act.action) props.class += " waiting";
  props.onClick = () => ctx.act(node.act);
}

function drawForm(node, props, ctx) {
  props.onSubmit = (event) => {
    event.preventDefault();
    ctx.act({ ...node.act, values: Object.fromEntries(new FormData(event.target)) });
  };
}

// Vue writes `value` at every drawing: what was typed must be what it writes.
function drawControl(props, ctx) {
  const name = props.name;
  if (name in ctx.values) props.value = ctx.values[name];
  props.onInput = (event) => (ctx.values[name] = event.target.value);
}
