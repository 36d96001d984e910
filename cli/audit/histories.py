"""Histories: no workflow task broke, every update was answered, nobody's name or address is in there."""

from cli.audit.evidence import Evidence, Finding


def check(evidence: Evidence) -> list[Finding]:
    """Find broken tasks, updates left without an answer, and personal data in histories."""
    people = {order["id"]: order for order in evidence.tables["orders"]}
    order_of = {row["id"]: row["order_id"] for row in evidence.tables["returns"]}
    findings: list[Finding] = []
    kinds = (evidence.workflows, evidence.returning, evidence.adjusting)
    for workflow in (one for kind in kinds for one in (kind or {}).values()):
        findings += [Finding(workflow.subject, f"task broke: {cause}") for cause in workflow.broken_tasks]
        if workflow.unanswered and workflow.status == "completed":
            findings.append(Finding(workflow.subject, f"{workflow.unanswered} updates without an answer"))
        person = people.get(order_of.get(workflow.subject, workflow.subject), {})
        for column in ("customer_name", "customer_email"):
            value = person.get(column)
            if value and value in workflow.told:
                findings.append(Finding(workflow.subject, f"{column} is in the workflow's history"))
    return findings
