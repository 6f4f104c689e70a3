using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Swan.Testing;

/// <summary>A model file whose entries or card somebody changed by hand.</summary>
public static class EditedModelFile
{
    /// <summary>Writes a changed copy.</summary>
    /// <param name="source">A model file.</param>
    /// <param name="path">The copy.</param>
    /// <param name="edit">Changes the entries, after the card.</param>
    /// <param name="editCard">Changes the card.</param>
    /// <returns>The copy's path.</returns>
    public static string Write(
        string source, string path, Action<Dictionary<string, byte[]>>? edit = null, Action<JsonNode>? editCard = null)
    {
        Dictionary<string, byte[]> entries = Read(source);
        if (editCard is not null)
        {
            JsonNode card = JsonNode.Parse(entries["card.json"])!;
            editCard(card);
            entries["card.json"] = Encoding.UTF8.GetBytes(card.ToJsonString());
        }
        edit?.Invoke(entries);
        using ZipArchive written = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in entries)
        {
            using Stream stream = written.CreateEntry(name, CompressionLevel.SmallestSize).Open();
            stream.Write(bytes);
        }
        return path;
    }

    /// <summary>A model file's entries by name.</summary>
    public static Dictionary<string, byte[]> Read(string path)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using ZipArchive zip = ZipFile.OpenRead(path);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            entries[entry.FullName] = bytes.ToArray();
        }
        return entries;
    }
}
