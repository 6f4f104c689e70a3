using System.IO.Compression;

// Copies a model file with all entries stored instead of deflated: StoreModel IN.swan OUT.swan. The same input gives the same bytes.
if (args.Length != 2)
{
    Console.Error.WriteLine("Give the model file and where its copy goes: StoreModel IN.swan OUT.swan");
    return 2;
}
string target = Path.GetFullPath(args[1]), temporary = $"{target}.{Guid.NewGuid():N}.tmp";
Directory.CreateDirectory(Path.GetDirectoryName(target)!);
try
{
    Store(args[0], temporary);
    // A build that is stopped leaves no half of a file that the next one would take as done.
    File.Move(temporary, target, overwrite: true);
}
finally
{
    File.Delete(temporary);
}
return 0;

static void Store(string from, string to)
{
    using ZipArchive model = ZipFile.OpenRead(from);
    using var copy = new ZipArchive(File.Create(to), ZipArchiveMode.Create);
    foreach (ZipArchiveEntry entry in model.Entries)
    {
        ZipArchiveEntry stored = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression);
        stored.LastWriteTime = entry.LastWriteTime;
        using Stream source = entry.Open(), destination = stored.Open();
        source.CopyTo(destination);
    }
}
