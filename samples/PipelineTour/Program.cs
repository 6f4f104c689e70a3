using System.Globalization;
using PipelineTour;
using PipelineTour.Examples;

// Every component of Swan.MLNet once. Each example is a file in Examples/. Its last lines show what it printed with the model and the
// held-out images that samples/QuickStart leaves with --train.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Title, Func<ExampleContext, Task> Run)[] examples =
[
    ("Embed image files", EmbedImageFiles.Run),
    ("Embed an image column", EmbedImageColumn.Run),
    ("Embed texts", EmbedTexts.Run),
    ("Build an index and search it", SearchAnIndex.Run),
    ("Search as a pipeline step", SearchInAPipeline.Run),
    ("Measure retrieval", MeasureRetrieval.Run),
    ("Label images with words", LabelWithWords.Run),
    ("Rows that can't be read", RowsThatFail.Run),
    ("Predict one row at a time", PredictOneRow.Run),
    ("Save and load a pipeline", SaveAndLoad.Run),
    ("Save for stock ML.NET", SaveForStockMlNet.Run),
    ("Steps from options", StepsFromOptions.Run),
    ("Generators of Microsoft.Extensions.AI", Generators.Run),
    ("Services of a host", HostedServices.Run),
];

return await CommandLine.RunAsync(args, async request =>
{
    using var context = new ExampleContext(request);
    context.Print(
        $"{context.Model.Card.Name}: embeddings of {context.Model.EmbeddingSize} values, on {context.Model.DeviceReport}; "
        + $"{context.Images.Count} images");
    for (int i = 0; i < examples.Length; i++)
    {
        Console.WriteLine($"\n{i + 1}  {examples[i].Title}");
        await examples[i].Run(context);
    }
});

// It printed first:
//  swan-compact-canonical: embeddings of 128 values, on cpu, 2 threads: this application's ONNX Runtime has no CUDA; 120 images
