using System.IO.Compression;
using Microsoft.ML;
using Swan.MLNet;

namespace Swan.Fuzz;

/// <summary>
/// Saved pipelines: a whole archive, or one entry of a sound one (its first byte says which). ML.NET's own entries are left alone.
/// </summary>
internal sealed class PipelineTarget : FuzzTarget
{
    private readonly Lazy<Dictionary<string, byte[]>> _entries = new(Entries);

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("captions.zip", Zipped(_entries.Value));
        string[] ours = [.. Ours(_entries.Value)];
        for (int i = 0; i < ours.Length; i++) yield return ($"entry{i}", [(byte)i, .. _entries.Value[ours[i]]]);
    }

    public override void Run(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        string[] ours = [.. Ours(_entries.Value)];
        if (bytes[0] < ours.Length) bytes = Zipped(new(_entries.Value) { [ours[bytes[0]]] = bytes[1..] });
        try
        {
            using var stream = new MemoryStream(bytes);
            (new MLContext(1).Swan().LoadPipeline(stream, out _) as IDisposable)?.Dispose();
        }
        catch (SwanFormatException)
        {
            // Refused.
        }
    }

    // The version, the schema and the other steps are ML.NET's to read.
    private static IEnumerable<string> Ours(Dictionary<string, byte[]> entries) =>
        entries.Keys.Where(name => name.Contains("Transform_000", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static Dictionary<string, byte[]> Entries()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("pipeline.zip");
        File.WriteAllBytes(path, TinyPipeline.Bytes(folder, 1));
        return EditedModelFile.Read(path);
    }

    private static byte[] Zipped(Dictionary<string, byte[]> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }
}
