import { kindName, serviceOf, statusName } from "../layout/span-facts.ts";
import { text } from "../layout/span-json.ts";
import type { AttributeValue, Span } from "../model.ts";
import type { Expression, Order, TextField } from "./expression.ts";

/** Whether the expression holds for the span. `!=` is the opposite of `=`, also where there is no such attribute. */
export function matches(expression: Expression, span: Span): boolean {
  switch (expression.type) {
    case "and":
      return matches(expression.left, span) && matches(expression.right, span);
    case "or":
      return matches(expression.left, span) || matches(expression.right, span);
    case "not":
      return !matches(expression.operand, span);
    case "text":
      return SEARCHED.some((field) => textOf(span, field).toLowerCase().includes(expression.text.toLowerCase()));
    case "text-field":
      return (textOf(span, expression.field) === expression.value) === (expression.operator === "=");
    case "pattern": {
      const { field, value } = expression;
      return value.test(typeof field === "string" ? textOf(span, field) : text(span.attributes[field.key]));
    }
    case "duration":
      return isInOrder(Number(span.endTime - span.startTime), expression.operator, expression.value);
    case "status-code":
      return isInOrder(span.attributes["http.response.status_code"], expression.operator, expression.value);
    case "attribute":
      return isInOrder(span.attributes[expression.field.key], expression.operator, expression.value);
  }
}

const SEARCHED: readonly TextField[] = ["name", "route", "service", "trace"];

function textOf(span: Span, field: TextField): string {
  switch (field) {
    case "service":
      return serviceOf(span);
    case "name":
      return span.name;
    case "route":
      return text(span.attributes["http.route"] ?? span.attributes["url.path"]);
    case "status":
      return statusName(span).toLowerCase();
    case "kind":
      return kindName(span.kind).toLowerCase();
    case "trace":
      return span.traceId;
  }
}

/** Numbers may have been recorded as texts. */
function isInOrder(given: AttributeValue | undefined, operator: Order, wanted: string | number | boolean): boolean {
  const value = typeof wanted === "number" ? numberOf(given) : typeof wanted === "string" ? textIfAny(given) : given;
  if (operator === "=") return value === wanted;
  if (operator === "!=") return value !== wanted;
  if (typeof value !== "number" || typeof wanted !== "number") return false;
  if (operator === ">") return value > wanted;
  if (operator === ">=") return value >= wanted;
  return operator === "<" ? value < wanted : value <= wanted;
}

function numberOf(value: AttributeValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && value.trim() !== "" ? Number(value) : undefined;
}

function textIfAny(value: AttributeValue | undefined): string | undefined {
  return value === undefined ? undefined : text(value);
}
