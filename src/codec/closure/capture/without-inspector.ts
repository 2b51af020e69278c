/** Asks V8, or finds out that nobody may. */
import { InspectorUnavailable } from '../v8/session.ts';

/** The answer, or undefined where there is no inspector to give it. */
export function withoutInspector<Answer>(ask: () => Answer): Answer | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof InspectorUnavailable) return undefined;
    throw error;
  }
}
