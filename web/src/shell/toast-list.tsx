import { Icon } from "./icon.tsx";
import { dismiss, useToasts } from "./toasts.ts";

/** The messages at the foot of the page. */
export function ToastList() {
  const toasts = useToasts();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, kind, action }) => (
        <div key={id} className={`toast ${kind}`}>
          {kind === "problem" && <Icon name="alert" />}
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="text-button"
              onClick={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
