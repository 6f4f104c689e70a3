using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>The sections of a card about how the model came to be.</summary>
internal static class TrainingSection
{
    /// <summary>What it learned from.</summary>
    public static string Data(ModelCardContent facts)
    {
        SwanTrainerOptions options = facts.Options;
        List<(string Use, RunData.Part Part)> parts = [("trained on", facts.Data.Train)];
        if (facts.Data.Validation is { } validation)
            parts.Add((options.TrainOnValidation ? "also trained on" : "best epoch chosen on", validation));
        string table = MarkdownTable.Format(["", "file", "images", "captions"],
            parts.Select(p => new[] { p.Use, $"`{p.Part.Name}`", Invariant($"{p.Part.Images:N0}"), Invariant($"{p.Part.Captions:N0}") }));
        (string What, string Option, string? File)[] weights =
        [
            ("backbone", nameof(options.BackboneWeights), options.BackboneWeights),
            ("text tower", nameof(options.TextWeights), options.TextWeights), ("words", nameof(options.WordVectors), options.WordVectors),
        ];
        string[] pretrained =
            [.. weights.Where(w => w.File is not null).Select(w => $"the {w.What} from `{Named(facts.Data, w.Option, w.File!)}`")];
        string start = options.Init is { } init
            ? "Training started from the model "
                + $"`{Named(facts.Data, nameof(options.Init), Path.TrimEndingDirectorySeparator(init))}`, "
                + "so this model also counts that model's training images as learned."
            : pretrained.Length == 0 ? "No part was pretrained." : $"Pretrained parts: {string.Join(", ", pretrained)}.";
        if (facts.Data.Teachers is not { } teachers) return $"{table}\n{start}";
        string taught = string.Join(", ", teachers.Select(t => $"`{t}`"));
        return Invariant($"{table}\n{start} Teacher models provided {options.SoftTargets:P0} of each training target: {taught}.");
    }

    // Runs of earlier versions know the name only.
    private static string Named(RunData data, string option, string path) =>
        data.Pretrained?.GetValueOrDefault(SwanTrainerOptionsJson.NameOf(option))?.ToString() ?? Path.GetFileName(path);

    /// <summary>How, and how it went.</summary>
    public static string Training(ModelCardContent facts)
    {
        SwanTrainerOptions options = facts.Options;
        EpochReport last = facts.Epochs[^1];
        EpochReport? best = facts.Epochs.LastOrDefault(e => e.Best);
        double[] rates = [.. facts.Epochs.Select(e => e.ImagesPerSecond).Order()];
        var time = TimeSpan.FromSeconds(last.Seconds);
        string kept = best is not null
            ? Invariant($"; epoch {best.Epoch + 1} was kept")
            : options.TrainOnValidation ? "; no images were held back to choose an epoch, so the last was kept" : "";
        string text = Invariant($"Seed {options.Seed}, {facts.Epochs.Count} epochs in {(int)time.TotalHours} h {time.Minutes} min{kept}. ")
            + Invariant($"The median epoch processed {rates[rates.Length / 2]:F1} images a second.");
        return $"""
            {text}

            ```
            {TrainingRecipe.Command(options)}
            ```

            with this `recipe.json`, which lists the options that differ from the defaults:

            ```json
            {TrainingRecipe.Json(options)}
            ```

            {Epochs(facts)}
            {Versions(facts)}
            """;
    }

    private static string Epochs(ModelCardContent facts) => MarkdownTable.Format(
        ["epoch", "loss", "images/s", "image → text R@1 / 5 / 10", "text → image R@1 / 5 / 10", "mR", "scene recall@1, i→t / t→i"],
        facts.Epochs.Select(string[] (e) =>
        {
            string number = Invariant($"{e.Epoch + 1}{(e.Complete ? "" : ", cut short")}"), loss = Invariant($"{e.Loss:F3}"),
                rate = Invariant($"{e.ImagesPerSecond:F1}");
            if (e.Validation is not { } m) return [number, loss, rate, "", "", "", ""];
            string mean = Invariant($"{m.MeanRecall:F2}"),
                scenes = m.SceneRecall is { } s ? Invariant($"{s.ImageToTextAt1:F3} / {s.TextToImageAt1:F3}") : "";
            return [number, loss, rate, MetricsSection.Recalls(m.ImageToText), MetricsSection.Recalls(m.TextToImage),
                ReferenceEquals(e, facts.Epochs.LastOrDefault(r => r.Best)) ? $"**{mean}**" : mean, scenes];
        }));

    // A run that was resumed elsewhere ran on several things.
    private static string Versions(ModelCardContent facts) => MarkdownTable.Format(
        ["ran on", ""],
        facts.Starts.SelectMany(s => s.Keys).Distinct().Select(name => new[]
        {
            name, string.Join("; then ", facts.Starts.Select(s => s.GetValueOrDefault(name, "unknown")).Distinct()),
        }));
}
