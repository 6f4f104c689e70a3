using Swan.MLNet.Datasets;
using Swan.MLNet.Text;
using Swan.Training;
using Swan.Training.Export;

namespace Swan.Cli.Tests.Commands;

/// <summary>A tiny run and its model file, made once for the tests of a class, which only read them.</summary>
public sealed class ExportedRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExportedRun()
    {
        string data = TinyData.Write(_folder.File("data"));
        (Images, Validation, Run, Model) =
            (Path.Combine(data, "images"), Path.Combine(data, "val.jsonl"), _folder.File("run"), _folder.File("tiny.swan"));
        SwanTrainerOptions options = TinyRun.Options with { Vocabulary = WriteVocabulary(data) };
        TrainingResult trained = new SwanTrainer(options)
            .Train(JsonLinesReader.Read(Path.Combine(data, "train.jsonl"), Images), JsonLinesReader.Read(Validation, Images), Run);
        SwanExporter.Export(trained.Run, Model);
    }

    /// <summary>The folder that all of it is in.</summary>
    public string Folder => _folder.FullName;

    public string Images { get; }

    public string Validation { get; }

    public string Run { get; }

    public string Model { get; }

    /// <summary>A copy of the run's folder, without what only resuming needs, to damage.</summary>
    public string CopyRun(string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (string file in Directory.EnumerateFiles(Run)) File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));
        return destination;
    }

    public void Dispose() => _folder.Dispose();

    // A file whose folder the card must not name.
    private static string WriteVocabulary(string data)
    {
        string path = Path.Combine(data, "words.json");
        using FileStream stream = File.Create(path);
        WordVocabulary.Build(JsonLinesReader.Read(Path.Combine(data, "train.jsonl"), Path.Combine(data, "images")).Captions, 1)
            .Save(stream);
        return path;
    }
}
