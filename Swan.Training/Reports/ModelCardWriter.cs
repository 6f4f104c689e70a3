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
            $"*Written by `swan card`, Swan {RunVersions.Swan}, which read every figure from the run and the model file, or measured it. "
            + "If you run it again, only the section Speed changes.*");
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
                + $"variant `{JsonEnumNames.For(model.Variant)}`, {Modules(facts)}",
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
                + "the dot product of an image's and a sentence's measures how well they match",
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
        if (model.Querybank is { } bank) rows.Add(["querybank normalization", Normalized(bank)]);
        if (model.TrainedVocabularySize is { } trained)
        {
            rows.Insert(3, ["words",
                Invariant($"{model.Text.VocabularySize:N0} of the {trained:N0} tokens used in training are kept; ")
                + "other words are spelled with shorter pieces"]);
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
        return $"{modules}, added to plain averages and scaled by learned gates ({string.Join(", ", gates)})";
    }

    private static string Agreement(ModelCard model)
    {
        string difference =
            Invariant($"in float32, ONNX Runtime and TorchSharp embeddings differ by at most {model.ExportDifference:0.0E+0}");
        return model.Weights is not { } stored ? difference
            : difference
                + Invariant($"; with {JsonEnumNames.For(stored.Precision)} weights, the cosine to those of float32 is ")
                + Invariant($"{stored.MeanCosine:F5} on average and {stored.MinCosine:F5} at worst");
    }

    private static string Normalized(Querybank bank) =>
        Invariant($"applied after the export with {bank.Images:N0} images of `{bank.Data}` ")
        + Invariant($"(temperature {bank.Temperature}, seed {bank.Seed}). ")
        + "The last value of each embedding lowers the scores of captions that match almost every image. "
        + "Text-to-image rankings do not change";

    private static string Use(ModelCardContent facts) => $"""
        ```csharp
        using System.Numerics.Tensors;
        using Swan.MLNet.Models;

        using SwanModel model = SwanModel.Open("{facts.ModelFile}");
        float[] query = model.EmbedCaption("planes parked beside a terminal");
        float[] image = model.EmbedImage("image.jpg");
        float score = TensorPrimitives.Dot(query, image); // the cosine
        ```

        In a pipeline: `mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath", "{facts.ModelFile}")`, then
        `mlContext.Swan().BuildIndex`.
        """;

    private static string Speed(ModelCardContent facts)
    {
        PipelineThroughput speed = facts.Speed;
        return Invariant($"""
            Through the ML.NET pipeline with its default batch size, on {Environment.ProcessorCount} processors ({facts.Device}):

            - {speed.ImagesPerSecond:N0} images a second ({speed.Images:N0} files: read, decoded, resampled, encoded)
            - {speed.CaptionsPerSecond:N0} captions a second ({speed.Captions:N0} captions)

            Each is the median of {PipelineThroughput.Passes} passes after a warm-up pass. Other work on the machine lowers both.
            """);
    }
}
