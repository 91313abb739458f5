import { useEffect, useState } from "react";

/** Which history is open: it is in the address, so it can be bookmarked, and "back" closes it. */
export function useOpened(): [string | undefined, (id: string | undefined) => void] {
  const [opened, setOpened] = useState(current);
  useEffect(() => {
    const follow = () => setOpened(current());
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
    return () => {
      removeEventListener("popstate", follow);
      removeEventListener("hashchange", follow);
    };
  }, []);
  const open = (id: string | undefined) => {
    history.pushState(null, "", id === undefined ? location.pathname : `#${id}`);
    setOpened(id);
  };
  return [opened, open];
}

function current(): string | undefined {
  return /^#([\w-]{8,64})$/.exec(location.hash)?.[1];
}
