using System.Globalization;
using System.Xml;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Which bands of a TIFF are taken, from 0.</summary>
/// <param name="Taken">Red, green and blue, or gray.</param>
/// <param name="Alpha">The alpha band that says which pixels have data; null without one, and where the caller names bands.</param>
/// <param name="Source">Who chose them.</param>
internal sealed record TiffBands(int[] Taken, int? Alpha, BandSource Source)
{
    /// <summary>Chooses bands.</summary>
    /// <param name="fields">What the image is.</param>
    /// <param name="metadata">GDAL's (tag 42112), which can name each band's color; null without any.</param>
    /// <param name="asked">From 1; null leaves it to the file.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <exception cref="SwanImageException">A band that is asked for is not there.</exception>
    public static TiffBands Choose(TiffFields fields, string? metadata, IReadOnlyList<int>? asked, string name)
    {
        int colors = fields.Photometric switch { Photometric.RGB => 3, Photometric.SEPARATED => 4, _ => 1 };
        Dictionary<string, int> marked = Marked(metadata, fields.Samples);
        int? alpha = AlphaOf(fields, colors) ?? (marked.TryGetValue("alpha", out int other) ? other : null);
        // A palette's indices are not bands; a request for the first band gets them.
        if (asked is not null && fields.Photometric == Photometric.PALETTE)
        {
            return asked is [1] ? new([0], alpha, BandSource.Format) : throw new SwanImageException(name, ImageFault.Unsupported,
                $"the bands {BandList.Text(asked)} were requested, but its samples are palette indices. Convert it to RGB.");
        }
        if (asked is not null)
        {
            if (asked.FirstOrDefault(b => b > fields.Samples) is > 0 and var missing)
            {
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"band {missing} was requested, but it has {fields.Samples}. Request bands that it has.");
            }
            // A caller who names bands knows them better than the file, alpha included: near infrared is often marked as alpha.
            return new([.. asked.Select(b => b - 1)], null, BandSource.Caller);
        }

        bool settled = fields.Photometric is Photometric.PALETTE or Photometric.SEPARATED;
        if (!settled && marked.TryGetValue("red", out int red) && marked.TryGetValue("green", out int green)
            && marked.TryGetValue("blue", out int blue))
            return new([red, green, blue], alpha, BandSource.File);
        if (colors > 1) return new([.. Enumerable.Range(0, colors)], alpha, BandSource.Format);
        int[] data = [.. Enumerable.Range(0, fields.Samples).Where(b => b != alpha)];
        return fields.Photometric != Photometric.PALETTE && data.Length >= 3
            ? new(data[..3], alpha, BandSource.First)
            : new(data[..1], alpha, BandSource.Format);
    }

    private static int? AlphaOf(TiffFields fields, int colors)
    {
        for (int i = 0; i < fields.ExtraSamples.Count && colors + i < fields.Samples; i++)
        {
            if (fields.ExtraSamples[i] is ExtraSample.UNASSALPHA or ExtraSample.ASSOCALPHA) return colors + i;
        }
        return null;
    }

    // <Item name="COLORINTERP" sample="3" role="colorinterp">Red</Item>, bands counted from 0.
    private static Dictionary<string, int> Marked(string? metadata, int samples)
    {
        var marked = new Dictionary<string, int>(StringComparer.Ordinal);
        if (metadata is null || !metadata.Contains("colorinterp", StringComparison.OrdinalIgnoreCase)) return marked;
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(metadata), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                if (reader is not { NodeType: XmlNodeType.Element, LocalName: "Item" }) continue;
                bool isColor = string.Equals(reader.GetAttribute("role"), "colorinterp", StringComparison.OrdinalIgnoreCase);
                if (!isColor || !int.TryParse(reader.GetAttribute("sample"), NumberStyles.None, CultureInfo.InvariantCulture, out int band))
                    continue;
                if (band >= samples) continue;
                if (reader.IsEmptyElement || !reader.Read() || reader.NodeType != XmlNodeType.Text) continue;
                marked.TryAdd(reader.Value.Trim().ToLowerInvariant(), band);
            }
        }
        catch (XmlException)
        {
            // Unreadable metadata marks nothing.
            marked.Clear();
        }
        return marked;
    }
}
