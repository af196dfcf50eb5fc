// What the pages need of a browser and Streamlit does not do. Runs before Streamlit's own scripts.
"use strict";
(() => {
  const { theme, session } = document.documentElement.dataset;
  // Streamlit keeps its theme for each address; the account has one.
  localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(theme));

  // A language in the address is that of this tab: links that load a page or a file keep it.
  const language = new URLSearchParams(location.search).get("lang");
  const keepLanguage = (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin) return;
    const address = new URL(link.href);
    if (!address.searchParams.has("lang")) address.searchParams.set("lang", language);
    link.href = address;
  };
  if (language !== null) {
    addEventListener("click", keepLanguage, true);
    // Streamlit's own menu goes to a page without what the address says; loading it anew would
    // show it in another language.
    for (const name of ["pushState", "replaceState"]) {
      const write = history[name];
      history[name] = function keepingLanguage(state, unused, url) {
        if (url === undefined || url === null) return write.call(this, state, unused, url);
        const address = new URL(url, location.href);
        if (!address.searchParams.has("lang")) address.searchParams.set("lang", language);
        return write.call(this, state, unused, address);
      };
    }
  }

  // The gate cuts the sockets of a session that has ended, in whatever tab and by whomever. What is
  // on the screen is cleared then. A server that does not answer is another matter.
  const leaveIfEnded = async () => {
    const answer = await fetch("/session", { cache: "no-store" }).catch(() => null);
    if (answer?.ok && (await answer.text()) === session) return;
    if (!answer?.ok && answer?.status !== 401) return;
    document.body.replaceChildren();
    location.reload();
  };
  let wasConnected = false;
  const watch = ([{ target }]) => {
    const isConnected = target.dataset.testConnectionState === "CONNECTED";
    if (wasConnected && !isConnected) leaveIfEnded();
    wasConnected = isConnected;
  };
  const state = { subtree: true, attributeFilter: ["data-test-connection-state"] };
  new MutationObserver(watch).observe(document, state);

  // Streamlit's menu has list items outside of a list, and its other links do not say where one is.
  const mend = () => {
    const lists = "[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] li";
    for (const part of document.querySelectorAll(lists)) part.setAttribute("role", "none");
    for (const link of document.querySelectorAll("[data-testid=stPageLink-NavLink]")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  new MutationObserver(mend).observe(document, { subtree: true, childList: true });

  addEventListener("pageshow", (event) => { if (event.persisted) leaveIfEnded(); });
})();
