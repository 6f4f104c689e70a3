using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Datasets;

/// <summary>
/// Reads JSON lines: <c>{"image": "airport_1.jpg", "scene": "airport", "captions": ["…", "…"]}</c>; the scene is optional.
/// </summary>
internal static class JsonLinesReader
{
    internal sealed record Entry(string? Image, string? Scene, string?[]? Captions)
    {
        /// <summary>What else the line has, for messages.</summary>
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Others { get; set; }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">One object a line, UTF-8; blank lines are skipped, other properties ignored.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <param name="skipMissing">Whether images that are not there are left out.</param>
    /// <exception cref="SwanDataException">Lines have problems, or images are missing; all are reported.</exception>
    public static CaptionedImageSet Read(string file, string imageFolder, bool skipMissing = false)
    {
        var faults = new DataFaults(skipMissing);
        var images = new List<CaptionedImage>();
        int number = 0;
        bool first = true;
        foreach (string line in faults.Lines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (first && line.AsSpan().TrimStart() is ['[', ..])
            {
                faults.Add(file, number,
                    "it begins with [, so it is a JSON array. Expected JSON lines: one object per line, without [ and ] around them or "
                    + "commas after them.");
                break;
            }
            first = false;
            try
            {
                Entry entry = JsonSerializer.Deserialize(line, DatasetJson.Default.Line) ?? new(null, null, null);
                string? missing = string.IsNullOrWhiteSpace(entry.Image) ? "'image' (text)"
                    : entry.Captions is null ? "'captions' (a list of text)" : null;
                if (missing is not null && entry.Others is { Count: > 0 } others)
                {
                    faults.Add(file, number,
                        $"it has no {missing}, but has {string.Join(", ", others.Keys.Take(8).Select(name => $"'{name}'"))}. Expected the "
                        + "names image, scene (optional) and captions.");
                }
                else if (faults.Image(file, number, entry.Image, entry.Scene, entry.Captions ?? [], imageFolder) is { } image)
                    images.Add(image);
            }
            catch (JsonException e)
            {
                faults.Add(file, number,
                    "it is not a JSON object with image (text), scene (text, optional) and captions (a list of text): "
                    + $"{DataFaults.Describe(e)}");
            }
        }

        return faults.Finish(file, images, Path.GetFileName(file));
    }
}
