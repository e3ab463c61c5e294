"""A plan's own steps: as they were when the member took them, whatever the pack says by now."""

from dataclasses import dataclass

from bot.pack.learning import Step, Template
from bot.pack.model import Pack
from bot.records import Plan, PlanStep

_GONE = (
    "This step is no longer part of the content. Finish it as you know it, skip it, or take the new"
    " steps."
)


@dataclass(frozen=True, slots=True)
class StepsChange:
    """What a pack's steps have that a plan's do not, and the other way round.

    `renamed` has the old and the new title, `hours` the title and the old and new hours.
    """

    added: tuple[Step, ...] = ()
    dropped: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    hours: tuple[tuple[str, int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.renamed or self.hours)


def template_of(pack: Pack, plan: Plan) -> Template:
    """The pack's template with the steps that the plan has, as long and as named as it has them."""
    template = pack.template(plan.start, plan.role)
    if not steps_change(template, plan):
        return template
    steps = [_own(template, record) for record in plan.steps if _is_own(template, record)]
    return template.model_copy(update={"steps": tuple(steps)})


def steps_change(template: Template, plan: Plan) -> StepsChange:
    """How the template's steps differ from those that the plan was made of."""
    records = {record.id: record for record in plan.steps}
    known = [(step, records[step.id]) for step in template.steps if step.id in records]
    ids = {step.id for step in template.steps}
    return StepsChange(
        added=tuple(step for step in template.steps if step.id not in records),
        dropped=tuple(r.title for r in plan.steps if r.id not in ids and r.title),
        renamed=tuple(
            (record.title, step.title)
            for step, record in known
            if record.title and record.title != step.title
        ),
        hours=tuple(
            (step.title, record.hours, step.hours)
            for step, record in known
            if record.hours and record.hours != step.hours
        ),
    )


def _is_own(template: Template, record: PlanStep) -> bool:
    """A record without a title is of another role, kept for the day of switching back."""
    return bool(record.title) or template.step(record.id) is not None


def _own(template: Template, record: PlanStep) -> Step:
    step = template.step(record.id)
    if step is None:
        return Step.model_validate(
            {
                "id": record.id,
                "title": record.title,
                "hours": record.hours,
                "phase": template.steps[-1].phase if template.steps else "",
                "do": _GONE,
                "done": "You’ve done what you set out to do in it.",
            }
        )
    own = {"title": record.title or step.title, "hours": record.hours or step.hours}
    return step.model_copy(update=own)
