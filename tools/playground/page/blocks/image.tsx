import type { ImageElement } from "@slack/types";
import { useState, type ReactNode } from "react";

/** The alternative text stands in when the image cannot be loaded, as on a machine without a network. */
export const BlockImage = ({ image, className }: { image: ImageElement; className: string }): ReactNode => {
  const [broken, setBroken] = useState(false);
  const url = "image_url" in image ? image.image_url : "url" in image.slack_file ? image.slack_file.url : null;
  if (broken || !url)
    return (
      <span className={`image-missing ${className}`} role="img" aria-label={image.alt_text}>
        🖼 {image.alt_text}
      </span>
    );
  return <img className={className} src={url} alt={image.alt_text} onError={() => setBroken(true)} />;
};
