using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.Batch;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

// Whatever of Swan reads or writes JSON, in a folder with images/a.png and images/b.png. Tests run it where JSON has no reflection, and
// publish it trimmed, as a single file and as a file-based app. Prints a line for each part. The first argument is the folder.
string folder = args[0];
string In(string name) => Path.Combine(folder, name);
string[] images = [In("images/a.png"), In("images/b.png")];
Console.WriteLine($"reflection {JsonSerializer.IsReflectionEnabledByDefault}");

// A model file: card and vocabulary.
SwanModelFile.Default.Save(In("copy.swan"));
using (SwanModel copy = SwanModel.Open(In("copy.swan")))
    Console.WriteLine($"model {copy.Card.Identity}");
// The card in an application's own JSON.
string card = JsonSerializer.Serialize(SwanModelFile.Default.Card, ApplicationJson.Default.ModelCard);
ModelCard read = JsonSerializer.Deserialize(card, ApplicationJson.Default.ModelCard)!;
Console.WriteLine($"card {JsonSerializer.Serialize(read, ApplicationJson.Default.ModelCard) == card}");
SwanModel model = SwanModel.Default;
float[] caption = model.EmbedCaption("a beach");
Console.WriteLine($"caption {string.Join(' ', caption.Select(v => BitConverter.SingleToInt32Bits(v)))}");

SwanIndex.Build(model.EmbedImages(images), model.EmbeddingSize, ["a", "b"], model.Card.Identity).Save(In("gallery.swanindex"));
SwanIndex index = SwanIndex.Load(In("gallery.swanindex"));
Console.WriteLine($"index {index.SearchCaption(model, "a beach", k: 2).Length}");

// Data sets.
Directory.CreateDirectory(In("lines"));
File.WriteAllText(In("lines/train.jsonl"), """{"image": "a.png", "captions": ["a beach"]}""");
Directory.CreateDirectory(In("rsicd"));
File.WriteAllText(In("rsicd/dataset.json"),
    """{"images": [{"filename": "b.png", "split": "train", "sentences": [{"raw": "a river"}]}]}""");
foreach (string layout in (string[])["lines", "rsicd"])
    Console.WriteLine($"{layout} {CaptionedImageSet.Open(In(layout)).Train.Captions.Single()}");

// ML.NET itself makes code at run time, which a file-based app can't do by default.
if (RuntimeFeature.IsDynamicCodeSupported)
{
    var ml = new MLContext(seed: 1);
    IDataView rows = ml.Data.LoadFromEnumerable(images.Select(path => new Image { ImagePath = path }).ToArray());
    var classes = new SwanZeroShotOptions { Classes = ["beach", "river"] };
    ITransformer pipeline = ml.Transforms.SwanEmbedding("Embedding", "ImagePath")
        .Append(ml.Transforms.SwanSearch("Keys", "Cosines", "Embedding", index, new SwanSearchOptions { K = 1 }))
        .Append(ml.Transforms.SwanZeroShot("Label", "Scores", "Embedding", classes))
        .Append(ml.Transforms.Conversion.MapKeyToValue("Label"))
        .Fit(rows);
    ml.Model.Save(pipeline, rows.Schema, In("pipeline.zip"));
    ITransformer loaded = ml.Swan().LoadPipeline(In("pipeline.zip"), out _);
    string[][] keys = [.. loaded.Transform(rows).GetColumn<string[]>("Keys")];
    string[] labels = [.. loaded.Transform(rows).GetColumn<string>("Label")];
    Console.WriteLine($"pipeline {keys[0][0]} {keys[1][0]} {labels.All(classes.Classes.Contains)}");

    File.WriteAllText(In("images/broken.png"), "no image");
    BatchReport report = await ml.Swan()
        .Batch(new BatchJobOptions { Images = In("images"), Output = In("job"), MaxBadShare = 1 }).RunAsync();
    BatchReport again = await ml.Swan()
        .Batch(new BatchJobOptions { Images = In("images"), Output = In("job"), MaxBadShare = 1 }).RunAsync();
    Console.WriteLine($"batch {report.Rows} {report.BadRows.Values.Sum()} {again.RowsUnchanged}");
}

internal sealed class Image
{
    public string ImagePath { get; set; } = "";
}

[JsonSerializable(typeof(ModelCard))]
internal sealed partial class ApplicationJson : JsonSerializerContext;
