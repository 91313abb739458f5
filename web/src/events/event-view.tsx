import { useEffect, useState } from "react";
import { type SystemMap, tell } from "./wire.ts";
import { Workbench } from "./workbench.tsx";

/** The page `/events` of a local system: asks for the map, again and again until there is one. */
export function EventView() {
  const [map, setMap] = useState<SystemMap>();
  const [failed, setFailed] = useState(0);
  useEffect(() => {
    let left = false;
    const timer = setTimeout(
      () =>
        tell<SystemMap>("/dev/map").then(
          (answer) => !left && setMap(answer),
          () => !left && setFailed(failed + 1),
        ),
      failed === 0 ? 0 : 1_000,
    );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [failed]);
  if (map) return <Workbench map={map} />;
  return (
    <p className="empty" role="status">
      {failed > 0 ? "The system does not answer. It is asked again every second." : "…"}
    </p>
  );
}
