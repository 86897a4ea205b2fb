// The same for an application of ES modules, whose imports upstream's Express instrumentation sees by a module hook.
import { register } from "node:module";
import "./setup.cjs";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
