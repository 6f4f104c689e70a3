using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;
using Swan.Training.Network;
using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>Writes a card in Markdown. The same facts give the same text.</summary>
internal static class ModelCardWriter
{
    /// <summary>The titles that the card itself has something to say under, in order; notes of these titles follow what it says.</summary>
    private static readonly (string Title, Func<ModelCardContent, string> Text)[] Sections =
    [
        ("What it is", Identity), ("Use", Use), ("Data", TrainingSection.Data), ("Training", TrainingSection.Training),
        ("Metrics", MetricsSection.Metrics), ("Scenes", MetricsSection.Scenes), ("Speed", Speed),
    ];

    public static string Write(ModelCardContent facts)
    {
        CardNotes notes = facts.Notes;
        var parts = new List<string> { $"# {facts.Model.Name}", notes.Introduction };
        foreach ((string title, Func<ModelCardContent, string> text) in Sections)
        {
            parts.AddRange(Section(title, text(facts),
                notes.Sections.FirstOrDefault(n => n.Title.Equals(title, StringComparison.OrdinalIgnoreCase)).Text ?? ""));
        }
        foreach ((string title, string text) in notes.Sections.Where(
            n => !Array.Exists(Sections, s => s.Title.Equals(n.Title, StringComparison.OrdinalIgnoreCase))))
            parts.AddRange(Section(title, text));
        parts.Add(
            $"*Written by `swan card`, Swan {RunVersions.Swan}: every figure was read from the run and the model file or measured by that "
            + "command. Two runs of it differ under Speed only.*");
        return string.Join("\n\n", parts.Select(p => p.Trim('\n')).Where(p => p.Length > 0)) + "\n";
    }

    private static IEnumerable<string> Section(string title, params string[] texts) =>
        texts.All(string.IsNullOrEmpty) ? [] : [$"## {title}", .. texts];

    private static string Identity(ModelCardContent facts)
    {
        ModelCard model = facts.Model;
        TowerParameters parameters = facts.Parameters;
        SwanTextTower tower = facts.Options.Network.TextTower;
        var rows = new List<string[]>
        {
            new[]
            {
                "network",
                "SWAN ([Pan, Ma and Bai, ICMR 2023](https://doi.org/10.1145/3591106.3592236)), "
                + $"variant `{JsonEnumNames.For(model.Variant)}`; {Modules(facts)}",
            },
            new[]
            {
                "image tower",
                Invariant($"`{model.Backbone}`, {model.Image.Size}×{model.Image.Size} pixels of RGB, ")
                + Invariant($"{parameters.Image:N0} parameters with its modules"),
            },
            new[]
            {
                "text tower",
                Invariant($"`{JsonEnumNames.For(tower)}`, at most {model.Text.MaxLength} tokens out of {model.Text.VocabularySize:N0} ")
                + Invariant($"(`{model.Text.Contract}`), {parameters.Text:N0} parameters with its module"),
            },
            new[]
            {
                "embedding",
                Invariant($"{model.EmbeddingSize} values of unit length: ")
                + "the dot product of an image's and a sentence's tells how well they fit",
            },
            new[]
            {
                "file",
                Invariant($"`{facts.ModelFile}`, {facts.Bytes / 1e6:F1} MB, weights in ")
                + Invariant($"{JsonEnumNames.For(model.Weights?.Precision ?? SwanWeightPrecision.Float32)}, ")
                + Invariant($"fingerprint `{model.Identity!.Fingerprint[..16]}`"),
            },
            new[] { "export", Agreement(model) },
        };
        if (model.Querybank is { } bank) rows.Add(["normalized", Normalized(bank)]);
        if (model.TrainedVocabularySize is { } trained)
        {
            rows.Insert(3, ["words",
                Invariant($"{model.Text.VocabularySize:N0} of the {trained:N0} tokens that it was trained with are kept; ")
                + "other words are spelled from pieces"]);
        }
        return MarkdownTable.Format(["", ""], rows);
    }

    private static string Modules(ModelCardContent facts)
    {
        if (facts.Model.Modules.Count == 0) return "none of the paper's modules";
        string modules = $"modules {string.Join(", ", facts.Model.Modules)}";
        if (!facts.Options.Network.Residual) return modules;
        string[] gates = [.. new[] { ("images", facts.Parameters.ImageGate), ("text", facts.Parameters.TextGate) }
            .Where(g => g.Item2 is not null)
            .Select(g => Invariant($"{g.Item2:0.####} for {g.Item1}"))];
        return $"{modules} as corrections of plain averages, times a learned gate: {string.Join(", ", gates)}";
    }

    private static string Agreement(ModelCard model)
    {
        string difference =
            Invariant($"in float32, ONNX Runtime's and TorchSharp's embeddings differ by {model.ExportDifference:0.0E+0} at most");
        return model.Weights is not { } stored ? difference
            : difference
                + Invariant($"; stored in {JsonEnumNames.For(stored.Precision)}, their cosine is {stored.MeanCosine:F5} on average and ")
                + Invariant($"{stored.MinCosine:F5} at worst");
    }

    private static string Normalized(Querybank bank) =>
        Invariant($"after the export: the last value of both embeddings takes from a caption what it has in common with {bank.Images:N0} ")
        + Invariant($"images of `{bank.Data}` (querybank normalization, temperature {bank.Temperature}, seed {bank.Seed}), ")
        + "so that fewer captions are found for many images; what a caption finds is not changed by it";

    private static string Use(ModelCardContent facts) => $"""
        ```csharp
        using SwanModel model = SwanModel.Open("{facts.ModelFile}");
        float[] query = model.EmbedCaption("planes parked beside a terminal");
        float[] image = model.EmbedImage("image.jpg");
        float fit = TensorPrimitives.Dot(query, image); // the cosine
        ```

        In a pipeline: `mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath", "{facts.ModelFile}")`, then
        `mlContext.Swan().BuildIndex`.
        """;

    private static string Speed(ModelCardContent facts)
    {
        PipelineThroughput speed = facts.Speed;
        return Invariant($"""
            Through the ML.NET pipeline in its default batches, on {Environment.ProcessorCount} processors ({facts.Device}):

            - {speed.ImagesPerSecond:N0} images a second ({speed.Images:N0} files: read, decoded, resampled, encoded)
            - {speed.CaptionsPerSecond:N0} captions a second ({speed.Captions:N0} of them)

            Each is the median of {PipelineThroughput.Passes} passes after one to warm up; other work on the machine makes them slower.
            """);
    }
}
