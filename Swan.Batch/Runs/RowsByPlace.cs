using System.Globalization;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>Sorts texts of rows by the places of their embeddings, so that each file is read once and from its beginning; memory is flat.
/// </summary>
/// <param name="linesInMemory">Rows that are held.</param>
internal sealed class RowsByPlace(int linesInMemory) : IDisposable
{
    // Three numbers of nine digits, each with a space.
    private const int Digits = 9, PlaceLength = 3 * (Digits + 1);

    private readonly SortedLines _lines =
        new(Path.Combine(Path.GetTempPath(), $"swan-places-{Guid.NewGuid():N}"), linesInMemory, StringComparer.Ordinal);

    /// <summary>Adds a row.</summary>
    /// <param name="place">Where its embedding is.</param>
    /// <param name="text">One line.</param>
    public void Add(RowPlace place, string text) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{place.Run:D9} {place.Shard:D9} {place.Row:D9} {text}"));

    /// <summary>All rows, once; nothing can be added any more.</summary>
    public IEnumerable<(RowPlace Place, string Text)> InOrder() => _lines.InOrder()
        .Select(line => (new RowPlace(Number(line, 0), Number(line, 1), Number(line, 2)), line[PlaceLength..]));

    public void Dispose() => _lines.Dispose();

    private static int Number(string line, int i) =>
        int.Parse(line.AsSpan(i * (Digits + 1), Digits), NumberStyles.None, CultureInfo.InvariantCulture);
}
