using System.Globalization;
using PipelineTour;
using PipelineTour.Stops;

// Every component of Swan.MLNet once. Each stop is a file in Stops/ to be copied from; what it printed with the model and the held-out images that
// samples/QuickStart leaves with --train stands at its end.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Title, Func<Tour, Task> Visit)[] stops =
[
    ("Embed image files", EmbedImageFiles.Visit),
    ("Embed an image column", EmbedImageColumn.Visit),
    ("Embed texts", EmbedTexts.Visit),
    ("Build an index and search it", SearchAnIndex.Visit),
    ("Search as a pipeline step", SearchInAPipeline.Visit),
    ("Measure retrieval", MeasureRetrieval.Visit),
    ("Label images with words", LabelWithWords.Visit),
    ("Rows that can't be read", RowsThatFail.Visit),
    ("Predict one row at a time", PredictOneRow.Visit),
    ("Save and load a pipeline", SaveAndLoad.Visit),
    ("Save for stock ML.NET", SaveForStockMlNet.Visit),
    ("Steps from options", StepsFromOptions.Visit),
    ("Generators of Microsoft.Extensions.AI", Generators.Visit),
    ("Services of a host", HostedServices.Visit),
];

return await CommandLine.RunAsync(args, async request =>
{
    using var tour = new Tour(request);
    tour.Say($"{tour.Model.Card.Name}: embeddings of {tour.Model.EmbeddingSize} values, on {tour.Model.DeviceReport}; {tour.Images.Count} images");
    for (int i = 0; i < stops.Length; i++)
    {
        Console.WriteLine($"\n{i + 1}  {stops[i].Title}");
        await stops[i].Visit(tour);
    }
});

// It printed first:
//  swan-compact-canonical: embeddings of 128 values, on cpu, 2 threads: this application's ONNX Runtime has no CUDA; 120 images
