using System.Text.Json;

namespace Swan.MLNet.Data;

/// <summary>Reads RSICD's own <c>dataset_rsicd.json</c>: <c>images[].filename</c>, <c>split</c>, <c>sentences[].raw</c>.</summary>
public static class RsicdJsonReader
{
    private sealed record Dataset(Entry[]? Images);

    private sealed record Entry(string? Filename, string? Split, Sentence[]? Sentences);

    private sealed record Sentence(string? Raw);

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Reads the images of one split.</summary>
    /// <param name="file">The data set's JSON.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <param name="split">Such as <c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <exception cref="SwanDataException">The file has problems, the split is empty, or images are missing; all are reported. Line numbers count the images from 1.</exception>
    public static CaptionedImageSet Read(string file, string imageFolder, string split)
    {
        Entry[] entries = Load(file);
        var faults = new DataFaults();
        var images = new List<CaptionedImage>();
        for (int i = 0; i < entries.Length; i++)
        {
            Entry entry = entries[i];
            if (entry.Split != split) continue;
            if (faults.Image(file, i + 1, entry.Filename, null, [.. (entry.Sentences ?? []).Select(s => s.Raw)], imageFolder) is { } image) images.Add(image);
        }

        faults.ThrowIfAny();
        if (images.Count == 0)
        {
            string found = string.Join(", ", entries.Select(e => e.Split ?? "none").Distinct());
            throw new SwanDataException([new DataFault(file, 0, $"it has no images of the split '{split}'; its splits are: {found}.")]);
        }

        return new CaptionedImageSet(images, $"{Path.GetFileName(file)} {split}");
    }

    internal static bool HasSplit(string file, string split) => Load(file).Any(e => e.Split == split);

    private static Entry[] Load(string file)
    {
        try
        {
            byte[] json = DataFaults.Open(file, () => File.ReadAllBytes(file));
            return JsonSerializer.Deserialize<Dataset>(json, Options)?.Images ?? throw new JsonException("there is no 'images'.");
        }
        catch (JsonException e)
        {
            throw new SwanDataException([new DataFault(file, 0, $"it is not RSICD's JSON (images[].filename, split, sentences[].raw): {e.Message}")]);
        }
    }
}
