using System.Globalization;
using System.Net;
using System.Text;
using SkiaSharp;
using Swan.MLNet.Imaging;

namespace QuickStart;

/// <summary>Queries and what was found, as one HTML file that needs nothing else.</summary>
internal static class ContactSheet
{
    private const int ThumbnailSide = 320;

    public static void Write(
        string path, string heading, IReadOnlyList<Answer> answers, string measured, IReadOnlyList<Measure> measures, string footer)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>SWAN search</title>
            <style>{Style}</style>
            <main>
            <header><h1>SWAN search</h1><p>{Text(heading)}</p></header>

            """);
        foreach (Answer answer in answers) Append(html, answer);
        if (measures.Count > 0) Append(html, measured, measures);
        html.Append(CultureInfo.InvariantCulture, $"<footer>{Text(footer)}</footer>\n</main>\n</html>\n");
        File.WriteAllText(path, html.ToString());
    }

    private static void Append(StringBuilder html, Answer answer)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{Text(answer.Query)}</h2>\n");
        if (answer.Remark is { } remark) html.Append(CultureInfo.InvariantCulture, $"<p class=\"remark\">{Text(remark)}</p>\n");
        html.Append("<ol class=\"hits\">\n");
        foreach (Hit hit in answer.Hits)
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <li><figure>
                <img src="data:image/jpeg;base64,{Thumbnail(hit.Image.ImagePath)}"
                 alt="{Text(hit.Caption.Length > 0 ? hit.Caption : hit.Image.FileName)}">
                <figcaption><b>{Text(hit.Image.Scene ?? hit.Image.FileName)}</b>
                <span class="score" title="{Kind(hit)}">{Value(hit)}</span>
                <meter min="0" max="1" value="{Math.Clamp(hit.Probability ?? hit.Score, 0, 1):F3}"></meter>
                <small>{Text(hit.Caption)}</small></figcaption>
                </figure></li>

                """);
        }

        html.Append("</ol>\n</section>\n");
    }

    private static void Append(StringBuilder html, string measured, IReadOnlyList<Measure> measures)
    {
        html.Append(CultureInfo.InvariantCulture,
            $"<section class=\"measures\">\n<h3>{Text(measured)}, beside <i>guessing</i></h3>\n<dl>\n");
        foreach (Measure m in measures)
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <dt>{Text(m.Name)}</dt>
                <dd><span class="bar"><span style="width:{m.Value:F1}%"></span><i style="width:{m.Chance:F1}%"></i></span>
                {m.Value:F1} % <i>{m.Chance:F1} %</i></dd>

                """);
        }

        html.Append("</dl>\n</section>\n");
    }

    private static string Kind(Hit hit) => hit.Probability is null ? "cosine similarity" : $"probability; cosine similarity {hit.Score:F2}";

    private static string Value(Hit hit) => hit.Probability is { } p ? $"{p:P0}" : $"{hit.Score:F2}";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Thumbnail(string path)
    {
        RgbImage decoded = ImageDecoder.Decode(path); // upright, and TIFF too, which Skia doesn't read
        using var image = new SKBitmap(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var colors = new SKColor[decoded.Width * decoded.Height];
        for (int i = 0; i < colors.Length; i++)
            colors[i] = new SKColor(decoded.Pixels[3 * i], decoded.Pixels[3 * i + 1], decoded.Pixels[3 * i + 2]);
        image.Pixels = colors;
        float scale = MathF.Min(1, (float)ThumbnailSide / Math.Max(image.Width, image.Height));
        using SKBitmap small = image.Resize(
            new SKSizeI(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))), SKFilterQuality.High);
        using SKData jpeg = small.Encode(SKEncodedImageFormat.Jpeg, 85);
        return Convert.ToBase64String(jpeg.AsSpan());
    }

    private const string Style = """

        :root { --page: #f6f5f1; --card: #fff; --ink: #22262b; --soft: #6b7178; --line: #e3e1da; --accent: #2f6f8f; }
        :root { --shadow: 0 1px 2px #0001, 0 6px 18px #0000000d; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #14171a; --card: #1d2125; --ink: #e9e8e4; --soft: #989fa6; --line: #2c3237; --accent: #6db3d3; --shadow: none; }
        }
        * { box-sizing: border-box; margin: 0; }
        body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: clamp(20px, 4vw, 56px) clamp(16px, 3vw, 40px); }
        h1 { font-size: 1.9rem; letter-spacing: -.02em; }
        header p, small, footer, dl i, h3 i, .remark { color: var(--soft); }
        .remark { margin: -8px 0 14px; }
        section { margin-top: 44px; }
        h2 { font-size: 1.25rem; font-weight: 600; margin-bottom: 14px; }
        h2::before { content: "“"; color: var(--accent); } h2::after { content: "”"; color: var(--accent); }
        .hits { list-style: none; padding: 0; display: grid; gap: 16px; }
        .hits { grid-template-columns: repeat(auto-fill, minmax(min(200px, 44%), 1fr)); }
        figure { height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
        figure { overflow: hidden; box-shadow: var(--shadow); }
        img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
        figcaption { display: grid; grid-template-columns: 1fr auto; gap: 4px 8px; padding: 10px 12px 13px; }
        figcaption b { font-size: .9rem; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .score { font-size: .9rem; font-variant-numeric: tabular-nums; color: var(--accent); }
        meter, small { grid-column: 1 / -1; }
        meter { appearance: none; width: 100%; height: 4px; border-radius: 2px; overflow: hidden; background: var(--line); }
        meter::-webkit-meter-bar { height: 4px; border: 0; border-radius: 2px; background: var(--line); }
        meter::-webkit-meter-optimum-value { background: var(--accent); }
        meter::-moz-meter-bar { background: var(--accent); }
        small { font-size: .8rem; line-height: 1.4; margin-top: 4px; }
        .measures { max-width: 640px; }
        h3 { font-size: 1rem; font-weight: 600; margin-bottom: 10px; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; font-size: .9rem; }
        dd { display: grid; grid-template-columns: 1fr 4.2em 4.2em; gap: 12px; align-items: center; }
        dd { text-align: right; font-variant-numeric: tabular-nums; }
        .bar { position: relative; height: 8px; border-radius: 4px; background: var(--line); overflow: hidden; }
        .bar span, .bar i { position: absolute; inset: 0 auto 0 0; background: var(--accent); border-radius: 4px; }
        .bar i { background: var(--soft); }
        footer { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); font-size: .85rem; }

        """;
}
