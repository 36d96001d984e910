"""What answers look like, one file per noun: for the published description, not for the way of an answer.

A route that renders its answer itself names the model by `response_model=` (a list: `Listed[Order]`).
Nothing is checked against it at run time; tests/api/test_any_request.py holds every answer to it, field by
field. A field with a default may be absent.
"""
