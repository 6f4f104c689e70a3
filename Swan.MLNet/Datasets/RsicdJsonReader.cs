using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Swan.MLNet.Datasets;

/// <summary>Reads RSICD's own <c>dataset_rsicd.json</c>: <c>images[].filename</c>, <c>split</c>, <c>sentences[].raw</c>.</summary>
internal static class RsicdJsonReader
{
    internal sealed record Entry(string? Filename, string? Split, Sentence?[]? Sentences)
    {
        /// <summary>COCO's name for it.</summary>
        [JsonPropertyName("file_name")]
        public string? CocoName { get; set; }
    }

    internal sealed record Sentence(string? Raw);

    /// <summary>Reads the images of one split.</summary>
    /// <param name="file">The data set's JSON, UTF-8.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <param name="split">Such as <c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="skipMissing">Whether images that are not there are left out.</param>
    /// <exception cref="SwanDataException">
    /// The file has problems, the split is empty, or images are missing; all are reported, each at the line where its image's entry starts.
    /// </exception>
    public static CaptionedImageSet Read(string file, string imageFolder, string split, bool skipMissing = false)
    {
        ArgumentNullException.ThrowIfNull(split);
        var faults = new DataFaults(skipMissing);
        var images = new List<CaptionedImage>();
        var sizes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        bool found = false;
        foreach ((int line, Entry? entry) in Load(file, faults))
        {
            if (entry?.Split is null) faults.Add(file, line, $"the image '{entry?.Filename}' has no split.");
            else sizes[entry.Split] = sizes.GetValueOrDefault(entry.Split) + 1;
            if (entry?.Split != split) continue;
            found = true;
            if (faults.Image(file, line, entry.Filename, null, [.. (entry.Sentences ?? []).Select(s => s?.Raw)], imageFolder) is { } image)
                images.Add(image);
        }

        if (!found && sizes.Count > 0)
            faults.Add(file, 0, $"it has no images of the split '{split}'; its splits are: {string.Join(", ", sizes.Keys)}.");
        sizes.Remove(split);
        return faults.Finish(file, images, $"{Path.GetFileName(file)} {split}", sizes);
    }

    internal static bool HasSplit(string file, string split) => Load(file, new DataFaults()).Any(e => e.Entry?.Split == split);

    // Entry by entry, so one of a wrong type is reported with its line and the rest is checked too.
    private static List<(int Line, Entry? Entry)> Load(string file, DataFaults faults)
    {
        byte[] json = DataFaults.Open(file, () => File.ReadAllBytes(file));
        int start = json.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0; // a byte order mark
        if (!Utf8.IsValid(json))
        {
            faults.Add(file, 0, "it is not valid UTF-8. Save the file as UTF-8.");
            faults.ThrowIfAny();
        }

        var entries = new List<(int, Entry?)>();
        try
        {
            var reader = new Utf8JsonReader(json.AsSpan(start));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !FindImages(ref reader))
                throw new JsonException("it has no list 'images'.");
            int line = 1, counted = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int at = start + (int)reader.TokenStartIndex;
                line += json.AsSpan(counted, at - counted).Count((byte)'\n');
                counted = at;
                Utf8JsonReader whole = reader;
                try
                {
                    entries.Add((line, JsonSerializer.Deserialize(ref reader, DatasetJson.Default.RsicdImage)));
                }
                catch (JsonException e) when (e.Message.Contains("could not be converted", StringComparison.Ordinal))
                {
                    faults.Add(file, line,
                        $"an entry of 'images' doesn't match RSICD's JSON (filename, split, sentences[].raw): {DataFaults.Describe(e)}");
                    whole.Skip();
                    reader = whole;
                }
            }

            if (entries is [(_, { Filename: null, CocoName: not null }), ..])
            {
                faults.Add(file, entries[0].Item1,
                    "it is COCO's layout (images[].file_name, annotations[].caption), which is not supported. Write a line for each image "
                    + "to train.jsonl: {\"image\": \"a.jpg\", \"captions\": [\"…\", \"…\"]}.");
                faults.ThrowIfAny();
            }
            while (reader.Read())
            {
                // What follows the list must be JSON too, or the file has been cut.
            }
        }
        catch (JsonException e)
        {
            faults.Add(file, (int)(e.LineNumber + 1 ?? 0),
                $"it is not RSICD's JSON (images[].filename, split, sentences[].raw): {DataFaults.Describe(e)}");
            faults.ThrowIfAny();
        }

        return entries;
    }

    private static bool FindImages(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool images = reader.ValueTextEquals("images");
            reader.Read();
            if (images) return reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }

        return false;
    }
}
