"""Cedar itself: reads policies, a schema and requests, and says what it decides.

One JSON object a line on stdin: {"policies", "schema", "requests"}; one a line
on stdout: {"valid", "errors", "allowed"}. `errors` are those of validation and
of evaluation; a request that does not fit the schema is not allowed.
"""

import json
import sys

import cedarpy

for line in sys.stdin:
    case = json.loads(line)
    validation = cedarpy.validate_policies(case["policies"], case["schema"])
    errors = [str(error) for error in validation.errors]
    policies = cedarpy.PolicySet.from_str(case["policies"])
    schema = cedarpy.Schema.from_str(case["schema"])
    allowed = []
    for answer in cedarpy.is_authorized_batch(case["requests"], policies, [], schema):
        allowed.append(answer.decision == cedarpy.Decision.Allow)
        # A request that is refused by the schema has no decision, and that is no error.
        if answer.decision != cedarpy.Decision.NoDecision:
            errors.extend(str(error) for error in answer.diagnostics.errors)
    print(json.dumps({"valid": validation.validation_passed, "errors": errors, "allowed": allowed}))
