using System.Globalization;
using System.Text;

namespace Swan.Batch.Stores;

/// <summary>Sorts any number of objects by their keys' UTF-8 bytes with flat memory.</summary>
/// <param name="objectsInMemory">More go to temporary files.</param>
internal sealed class SortedObjects(int objectsInMemory = 50_000) : IDisposable
{
    // Less than every character of a key, so that the order of lines is that of keys.
    private const char End = '\0';
    private const char Itself = '\u0001', Next = '\u0002';

    private readonly SortedLines _lines =
        new(Path.Combine(Path.GetTempPath(), $"swan-list-{Guid.NewGuid():N}"), objectsInMemory, Utf8Order.Instance);

    public void Add(StoredObject stored) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Written(stored.Key)}{End}{stored.Size}{End}{Written(stored.Stamp)}"));

    /// <summary>All objects, once; nothing can be added any more.</summary>
    public IEnumerable<StoredObject> InOrder()
    {
        foreach (string line in _lines.InOrder())
        {
            string[] parts = line.Split(End);
            yield return new StoredObject(Read(parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture), Read(parts[2]));
        }
    }

    public void Dispose() => _lines.Dispose();

    // A line may not hold line breaks. They are written as the character before them and a mark, so that they sort where they did.
    private static string Written(string text)
    {
        if (!text.AsSpan().ContainsAny("\t\n\f\r")) return text;
        var written = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (c is '\t' or '\f') written.Append(c).Append(Itself);
            else if (c is '\n' or '\r') written.Append((char)(c - 1)).Append(Next);
            else written.Append(c);
        }
        return written.ToString();
    }

    private static string Read(string text)
    {
        if (!text.AsSpan().ContainsAny('\t', '\f')) return text;
        var read = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\t' or '\f' && text[++i] == Next) c++;
            read.Append(c);
        }
        return read.ToString();
    }
}
