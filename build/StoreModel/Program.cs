using System.IO.Compression;

// Copies a model file with all entries stored instead of deflated: StoreModel IN.swan OUT.swan. The same input gives the same bytes.
if (args.Length != 2)
{
    Console.Error.WriteLine("Give the model file and where its copy goes: StoreModel IN.swan OUT.swan");
    return 2;
}
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
using ZipArchive model = ZipFile.OpenRead(args[0]);
using var copy = new ZipArchive(File.Create(args[1]), ZipArchiveMode.Create);
foreach (ZipArchiveEntry entry in model.Entries)
{
    ZipArchiveEntry stored = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression);
    stored.LastWriteTime = entry.LastWriteTime;
    using Stream source = entry.Open(), destination = stored.Open();
    source.CopyTo(destination);
}
return 0;
