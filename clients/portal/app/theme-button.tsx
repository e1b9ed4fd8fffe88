import { type ReactNode, useState } from "react";
import { Icon } from "../components/icon.tsx";
import { rememberTheme, rememberedTheme, themes } from "./theme.ts";

const labels = {
  system: { icon: "system", text: "as the system" },
  light: { icon: "sun", text: "light" },
  dark: { icon: "moon", text: "dark" },
} as const;

/** Cycles through system, light and dark. */
export const ThemeButton = (): ReactNode => {
  const [theme, setTheme] = useState(rememberedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Colours: ${labels[theme].text}. Change to ${labels[next].text}`}
      title={`Colours: ${labels[theme].text}`}
      onClick={() => {
        rememberTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={labels[theme].icon} />
    </button>
  );
};
