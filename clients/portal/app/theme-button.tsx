import { type ReactNode, useState } from "react";
import { Icon } from "../components/icon.tsx";
import { rememberTheme, rememberedTheme, themes } from "./theme.ts";

const looks = {
  system: { icon: "system", words: "as the system" },
  light: { icon: "sun", words: "light" },
  dark: { icon: "moon", words: "dark" },
} as const;

/** Cycles through system, light and dark. */
export const ThemeButton = (): ReactNode => {
  const [theme, setTheme] = useState(rememberedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Colours: ${looks[theme].words}. Change to ${looks[next].words}`}
      title={`Colours: ${looks[theme].words}`}
      onClick={() => {
        rememberTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={looks[theme].icon} />
    </button>
  );
};
