import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachment } from "./download-name.ts";

const nameIn = (header: string) => decodeURIComponent(header.split("''")[1] ?? "");

describe("the name of a download", () => {
  it("is the user's, with the extension of what the bytes are", () => {
    expect(attachment("Strand & Meer.jpeg", "", "jpg")).toBe(
      "attachment; filename*=UTF-8''Strand%20%26%20Meer.jpg",
    );
    expect(nameIn(attachment("invoice.html", "", "jpg"))).toBe("invoice.jpg");
    expect(nameIn(attachment("Überraschung.png", "-thumb", "webp"))).toBe(
      "Überraschung-thumb.webp",
    );
  });

  it("has no path, no quotes, no control and no direction-changing characters", () => {
    expect(nameIn(attachment("../../etc/passwd", "", "jpg"))).toBe("_.jpg");
    expect(nameIn(attachment('a"\r\nSet-Cookie: x.jpg', "", "jpg"))).toBe("a_Set-Cookie_ x.jpg");
    expect(nameIn(attachment("gpj\u202Eexe.jpg", "", "jpg"))).toBe("gpjexe.jpg");
    expect(nameIn(attachment("...", "", "jpg"))).toBe("image.jpg");
  });

  it("is a valid header value for any name at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 255 }), (name) => {
        const header = attachment(name, "", "jpg");
        expect(header).toMatch(/^attachment; filename\*=UTF-8''[\w.!~%-]+\.jpg$/);
        expect(nameIn(header)).not.toMatch(/[/\\]/);
      }),
    );
    expect(nameIn(attachment("half \ud800.jpg", "", "jpg"))).toBe("half.jpg");
  });
});
