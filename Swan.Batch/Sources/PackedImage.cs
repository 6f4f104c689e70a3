using System.Globalization;
using Swan.Batch.Archives;
using Swan.Batch.Stores;

namespace Swan.Batch.Sources;

/// <summary>An image in an archive: which version of the archive, and where in it.</summary>
/// <param name="Archive">The archive.</param>
/// <param name="Entry">Where in it the image is.</param>
internal sealed record PackedImage(StoredObject Archive, ArchiveEntry Entry)
{
    /// <summary>Between the archive's path and the image's path in it; no archive's own path has it.</summary>
    public const string Mark = "!/";

    private const long MostEntries = 999_999_999_999;

    /// <summary>The image as a source lists it.</summary>
    /// <param name="number">Which entry of the archive it is, from 0.</param>
    /// <remarks>Of several entries of a name the last one counts, as where they are unpacked: its stamp comes first.</remarks>
    public SourceImage Listed(long number) => new(
        $"{Archive.Key}{Mark}{NameOf(Entry)}",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{MostEntries - number:D12} {Entry.Offset} {Entry.Packed} {Entry.Size} {Entry.Method} {Entry.Checksum} {Archive.Size} ")
            + Archive.Stamp)
    {
        Size = Entry.Size,
    };

    /// <summary>Reads what <see cref="Listed"/> wrote.</summary>
    public static PackedImage Of(SourceImage image)
    {
        string[] parts = image.Stamp.Split(' ', 8);
        long[] numbers = Array.ConvertAll(parts[..7], n => long.Parse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        int mark = image.Key.IndexOf(Mark, StringComparison.Ordinal);
        return new PackedImage(
            new StoredObject(image.Key[..mark], numbers[6], parts[7]),
            new ArchiveEntry(image.Key[(mark + Mark.Length)..], numbers[1], numbers[2], numbers[3], (int)numbers[4], (uint)numbers[5]));
    }

    /// <summary>An entry's path, without the <c>./</c> that some programs put before all.</summary>
    public static string NameOf(ArchiveEntry entry)
    {
        string name = entry.Name;
        while (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        return name;
    }
}
