using System.Globalization;
using System.Text.Json.Nodes;
using SkiaSharp;
using Swan.MLNet.ModelFiles;
using Swan.Training;
using static System.FormattableString;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan card</c> of a tiny run, in a process of its own.</summary>
public sealed class CardCommandTests(ExportedRun exported) : IClassFixture<ExportedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_card_has_the_figures_of_evaluate_and_differs_from_the_next_in_speed_only()
    {
        string notes = _folder.File("notes.md"), queries = _folder.File("queries.jsonl"), also = _folder.File("fewer.jsonl");
        File.WriteAllText(notes, "Finds tiny images.\n\n## Data\n\nDrawn by a test.\n\n## Limits\n\nThree colors.\n");
        File.WriteAllText(queries, """{"query": "a river", "scenes": ["river"]}""");
        File.WriteAllLines(also, File.ReadLines(exported.Validation).Take(4));
        (int code, string json, string errors) = await SwanProcess.Run(
            "evaluate", "--model", exported.Model, "--data", exported.Validation, "--images", exported.Images, "--queries", queries,
            "--json");
        Assert.True(code == 0, errors);

        (code, string output, errors) = await Card("first", "--notes", notes, "--queries", queries, "--also", also);
        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        string card = File.ReadAllText(_folder.File("first/tiny.md"));
        Assert.Contains(
            $"Written to '{_folder.File("first/tiny.md")}' and '{_folder.File("first/tiny.png")}'.", output, StringComparison.Ordinal);
        Assert.Equal(["tiny.md", "tiny.png"],
            Directory.EnumerateFileSystemEntries(_folder.File("first")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        JsonNode metrics = JsonNode.Parse(json)!;
        Assert.Contains(
            $"| **mR** | **{Recall(metrics, "meanRecall", metrics["meanRecallInterval"]!)}** | **", card, StringComparison.Ordinal);
        foreach ((string direction, string name) in (ReadOnlySpan<(string, string)>)[("i2t", "image → text"), ("t2i", "text → image")])
        {
            JsonNode part = metrics[direction]!;
            foreach (string depth in (string[])["1", "5", "10"])
            {
                Assert.Contains($"| {name} R@{depth} | {Recall(part, "r" + depth, part["intervals"]!["r" + depth]!)} | ", card,
                    StringComparison.Ordinal);
            }
            double[] scenes = [.. ((string[])["@1", "@5", "@10"]).Select(k => Number(metrics["sceneRecall"]!, direction + k))];
            Assert.Contains(Invariant($"| scene recall@1 / 5 / 10, {name} | {scenes[0]:F3} / {scenes[1]:F3} / {scenes[2]:F3} | "), card,
                StringComparison.Ordinal);
        }

        Assert.Contains(
            "\nScene precision@10 of the 1 queries of `queries.jsonl`, in `val.jsonl`: "
            + Invariant($"{Number(metrics["queries"]!, "precisionAt10"):F3}. It is the mean share"),
            card, StringComparison.Ordinal);
        // No two images of the set are equally good for a caption, so the confusion's diagonal is scene recall@1.
        Assert.Contains(
            Invariant($"For {100 * Number(metrics["sceneRecall"]!, "t2i@1"):F1} % of the captions of `val.jsonl`, the first image found "),
            card, StringComparison.Ordinal);
        Assert.Contains("- `val.jsonl`: the best epoch was chosen on it", card, StringComparison.Ordinal);
        Assert.Contains("- `fewer.jsonl`: the best epoch was chosen on it, so these figures are slightly optimistic; all its images (4) "
            + "are also in `val.jsonl`.", card, StringComparison.Ordinal);

        Assert.StartsWith("# swan-small_convnet-canonical\n\nFinds tiny images.\n\n## What it is\n", card, StringComparison.Ordinal);
        Assert.Equal(["What it is", "Use", "Data", "Training", "Metrics", "Scenes", "Speed", "Limits"],
            card.Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Select(l => l[3..]));
        Assert.Contains("No part was pretrained.\n\nDrawn by a test.\n\n## Training", card, StringComparison.Ordinal);
        Assert.Contains("| trained on | `train.jsonl` | 12 | 36 |", card, StringComparison.Ordinal);
        Assert.Contains("swan train --data DIR --out RUN --config recipe.json --vocabulary words.json\n", card, StringComparison.Ordinal);
        Assert.Contains("SwanModel.Open(\"tiny.swan\")", card, StringComparison.Ordinal);
        // an epoch each
        Assert.Equal(3, card.Split('\n').Count(l => l.StartsWith("| ", StringComparison.Ordinal)
            && int.TryParse(l.Split('|')[1], CultureInfo.InvariantCulture, out _)));
        Assert.DoesNotContain(exported.Folder, card, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, card, StringComparison.Ordinal);
        Assert.Contains("](tiny.png)", card, StringComparison.Ordinal);
        using (SKBitmap? picture = SKBitmap.Decode(_folder.File("first/tiny.png"))) Assert.NotNull(picture);

        (code, _, errors) = await Card("second", "--notes", notes, "--queries", queries, "--also", also);
        Assert.True(code == 0, errors);
        Assert.Equal(WithoutSpeed(card), WithoutSpeed(File.ReadAllText(_folder.File("second/tiny.md"))));
        Assert.Equal(File.ReadAllBytes(_folder.File("first/tiny.png")), File.ReadAllBytes(_folder.File("second/tiny.png")));
    }

    [Fact]
    public async Task What_does_not_belong_together_or_is_damaged_is_named_and_nothing_is_written()
    {
        string run = exported.CopyRun(_folder.File("other"));
        Damage("config.json", text => text.Replace("\"seed\": 0", "\"seed\": 7", StringComparison.Ordinal));
        await Refused("seed is 0 in the model and 7 in the run", "--run", run);
        Damage("config.json", text => text.Replace("\"seed\": 7", "\"seed\": 0", StringComparison.Ordinal));
        Damage("metrics.jsonl", text => text.Replace("\"best\":true", "\"best\":false", StringComparison.Ordinal));
        await Refused("in the model and unknown in the run", "--run", run);
        Damage("metrics.jsonl", text => text[..^20]);
        await Refused(Path.Combine(run, "metrics.jsonl"), "--run", run);
        Damage("metrics.jsonl", _ => "");
        await Refused($"'{Path.Combine(run, "metrics.jsonl")}' has no epoch yet", "--run", run);
        Damage("versions.json", _ => "{");
        await Refused(Path.Combine(run, "versions.json"), "--run", run);
        File.Delete(Path.Combine(run, "data.json"));
        await Refused(Path.Combine(run, "data.json"), "--run", run);

        string notes = _folder.File("notes.md");
        File.WriteAllText(notes, "# Tiny\n\n## Data\n\n## Data\n\nTwice.\n");
        await Refused("notes.md(1)", "--notes", notes);
        await Refused("notes.md(3): the section 'Data' has no text", "--notes", notes);
        await Refused("/nowhere/notes.md", "--notes", "/nowhere/notes.md");
        await Refused("/nowhere/also.jsonl", "--also", "/nowhere/also.jsonl");

        void Damage(string file, Func<string, string> change) =>
            File.WriteAllText(Path.Combine(run, file), change(File.ReadAllText(Path.Combine(run, file))));
    }

    [Fact]
    public async Task A_model_that_learned_from_the_validation_images_has_the_figures_of_its_held_out_model()
    {
        (string Run, string Model) held = await Trained("held"), all = await Trained("all", "--train-on-validation");
        await Export(all, "--held-out-model", held.Model);
        CardMetric[] its = [.. SwanModelFile.Read(held.Model).Card.Metrics], named = [.. SwanModelFile.Read(all.Model).Card.Metrics];
        Assert.Equal(its.Select(m => (m.Name, m.Value)), named.Select(m => (m.Name, m.Value)));
        Assert.All(named, m => Assert.Contains(", which was trained without them", m.Data, StringComparison.Ordinal));

        string output = await Written(
            "held-out", [.. OwnData(), "--model", all.Model, "--run", all.Run, "--held-out-model", held.Model]), card = Text("held-out");
        Assert.Contains("the held-out model swan-small_convnet-canonical on cpu", output, StringComparison.Ordinal);
        await Written("itself", [.. OwnData(), "--model", held.Model, "--run", held.Run]);
        await Written("alone", [.. OwnData(), "--model", all.Model, "--run", all.Run]);
        string[] Figures(string text) => [.. ((string[])["| **mR** | ", "| image → text R@5 | ", "| text → image, median and mean rank | ",
            "the first image found shows"]).Select(start => Line(text, start))];
        Assert.Equal(Figures(Text("itself")), Figures(card));
        Assert.NotEqual(Figures(Text("alone")), Figures(card));
        Assert.Contains("- `val.jsonl`: the best epoch was chosen on it", card, StringComparison.Ordinal);
        Assert.Contains(
            "**Every figure in this section belongs to a held-out model**, `held.swan` (fingerprint `", card, StringComparison.Ordinal);
        Assert.Contains("Every figure in this section also belongs to the held-out model `held.swan`.", card, StringComparison.Ordinal);
        Assert.Contains("| also trained on | `val.jsonl` | 6 | 18 |", card, StringComparison.Ordinal);
        Assert.Contains("no images were held back to choose an epoch, so the last was kept", card, StringComparison.Ordinal);
        Assert.Contains("\"trainOnValidation\": true", card, StringComparison.Ordinal);
        Assert.Contains("- `val.jsonl`: the model was trained on it, so these figures say nothing about other images", Text("alone"),
            StringComparison.Ordinal);

        string Text(string name) => File.ReadAllText(_folder.File(name + "/tiny.md"));

        static string Line(string text, string start) => Assert.Single(text.Split('\n'), l => l.Contains(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_held_out_model_is_refused_with_every_difference_and_so_is_an_export_from_before_the_runs_end()
    {
        (string Run, string Model) held = await Trained("held"), all = await Trained("all", "--train-on-validation"),
            other = await Trained("other", "--epochs", "3", "--minutes", "60");
        string[] ofAll = [.. OwnData(), "--model", all.Model, "--run", all.Run, "--held-out-model"];
        await Refused("held its validation images back, so its own model can be measured on them. Leave out --held-out-model",
            "--held-out-model", held.Model);
        await Refused($"'{all.Model}' can't be the held-out model of the run in '{all.Run}': it was also trained on its validation images",
            [.. ofAll, all.Model]);
        await Refused(
            $"'{other.Model}' can't be the held-out model of the run in '{all.Run}': its epochs is 3 and the run's 2; "
            + "its minutes is 60 and the run's not given",
            [.. ofAll, other.Model]);
        (int code, _, string errors) = await SwanProcess.Run(
            "export", "--run", all.Run, "--out", _folder.File("refused.swan"), "--held-out-model", other.Model);
        Assert.Equal(1, code);
        Assert.Contains("its epochs is 3 and the run's 2", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("refused.swan")));

        await Export(held, "--weights", "float16");
        await Refused(
            "has arithmetic in float32, weights in float16, images decoded in full, all words and no querybank, but the model has "
            + "arithmetic in float32, weights in float32, images decoded in full, all words and no querybank",
            [.. ofAll, held.Model]);
        await Export(held);

        // Another validation set than the one that was learned from.
        string data = Path.Combine(all.Run, "data.json");
        File.WriteAllText(data, File.ReadAllText(data).Replace("\"images\": 6", "\"images\": 5", StringComparison.Ordinal));
        await Refused("its mR was not measured on the run's validation set (5 images, 18 captions)", [.. ofAll, held.Model]);

        string metrics = Path.Combine(all.Run, "metrics.jsonl");
        File.AppendAllText(metrics, File.ReadLines(metrics).Last() + "\n");
        await Refused("the model has learned 2 epochs and the run 3", [.. ofAll[..^1]]);
    }

    [Fact]
    public async Task A_normalized_model_says_against_what_and_is_not_measured_on_that()
    {
        string training = Path.Combine(Path.GetDirectoryName(exported.Validation)!, "train.jsonl"),
            normalized = _folder.File("normalized.swan");
        await Normalize(training);
        await Written("normalized", "--model", normalized);
        string card = File.ReadAllText(_folder.File("normalized/tiny.md"));
        Assert.Contains("| querybank normalization | applied after the export with 8 images of `train.jsonl` (temperature 0.5, "
            + "seed 3)", card, StringComparison.Ordinal);
        Assert.Contains("| embedding | 17 values of unit length", card, StringComparison.Ordinal);

        string other = _folder.File("validation.jsonl"); // another name, the same images and captions
        File.Copy(exported.Validation, other);
        await Normalize(other);
        await Refused(
            "was normalized against the images of 'validation.jsonl', and 'val.jsonl', the set to measure, has the same images",
            "--model", normalized);

        async Task Normalize(string data)
        {
            (int code, _, string errors) = await SwanProcess.Run("normalize", "--model", exported.Model, "--data", data, "--images",
                exported.Images, "--out", normalized, "--bank", data == training ? "8" : "6", "--temperature", "0.5", "--seed", "3");
            Assert.True(code == 0, errors);
        }
    }

    // The validation captions have a word that the training captions haven't: a run that learns from them has it.
    private string[] OwnData()
    {
        string data = _folder.File("data"), validation = Path.Combine(data, "val.jsonl");
        if (!Directory.Exists(data))
        {
            TinyData.Write(data);
            File.WriteAllText(validation, File.ReadAllText(validation).Replace("from above", "from orbit", StringComparison.Ordinal));
        }

        return ["--data", validation, "--images", Path.Combine(data, "images")];
    }

    private async Task<(string Run, string Model)> Trained(string name, params string[] flags)
    {
        (string Run, string Model) trained = (_folder.File(name), _folder.File(name + ".swan"));
        string config = _folder.File("recipe.json");
        File.WriteAllText(config, (TinyRun.Options with { Epochs = 2 }).ToJson());
        (int code, _, string errors) = await SwanProcess.Run([
            "train", "--data", Path.GetDirectoryName(OwnData()[1])!, "--out", trained.Run, "--config", config, .. flags]);
        Assert.True(code == 0, errors);
        await Export(trained);
        return trained;
    }

    private static async Task Export((string Run, string Model) trained, params string[] flags)
    {
        (int code, _, string errors) = await SwanProcess.Run(["export", "--run", trained.Run, "--out", trained.Model, .. flags]);
        Assert.True(code == 0, errors);
    }

    private async Task<string> Written(string folder, params string[] arguments)
    {
        (int code, string output, string errors) = await Card(folder, arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    [Fact]
    public async Task What_fails_while_measuring_or_writing_leaves_nothing()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        foreach (string image in Directory.EnumerateFiles(exported.Images)) File.Copy(image, Path.Combine(images, Path.GetFileName(image)));
        File.WriteAllBytes(Path.Combine(images, "beach_13.png"), [1, 2, 3]);
        await Refused("beach_13.png", "--images", images);
        (int code, string output, string errors) = await SwanProcess.Run(
            "evaluate", "--model", exported.Model, "--data", exported.Validation, "--images", images, "--json");
        Assert.Equal(1, code);
        Assert.Contains("beach_13.png", errors, StringComparison.Ordinal);
        Assert.Equal("", output);

        File.WriteAllText(_folder.File("file"), "");
        (code, _, errors) = await SwanProcess.Run("card", "--model", exported.Model, "--run", exported.Run, "--data", exported.Validation,
            "--images", exported.Images, "--out", _folder.File("file/tiny.md"));
        Assert.Equal(2, code);
        Assert.Contains(_folder.File("file"), errors, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(_folder.File("file")));
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_and_leaves_nothing()
    {
        using SwanProcess swan = SwanProcess.Start(Arguments(
            "stopped", [.. Enumerable.Repeat((string[])["--also", exported.Validation], 300).SelectMany(a => a)]));
        await swan.Line(l => l.StartsWith("mR ", StringComparison.Ordinal));
        swan.Interrupt();
        Assert.Equal(130, await swan.Ended());
        Assert.Contains("swan: stopped.", swan.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("stopped")));
    }

    [Theory]
    [InlineData(2, "--out is 'card.txt'", "--run", "/nowhere", "--out", "card.txt")]
    [InlineData(1, "is not the folder of a training run", "--run", "/nowhere", "--out", "card.md")]
    [InlineData(2, "Option '--run' is required", "--out", "card.md")]
    public async Task A_wrong_argument_gets_a_reason_on_standard_error(int expected, string reason, params string[] arguments)
    {
        (int code, _, string errors) = await SwanProcess.Run(
            ["card", "--model", "/nowhere/x.swan", "--data", "/nowhere.jsonl", "--images", ".", .. arguments]);
        Assert.Equal(expected, code);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> Card(string folder, params string[] arguments) =>
        SwanProcess.Run(Arguments(folder, arguments));

    // What is given twice is taken from the arguments.
    private string[] Arguments(string folder, params string[] arguments)
    {
        string[] usual =
        [
            "--model", exported.Model, "--run", exported.Run, "--data", exported.Validation, "--images", exported.Images, "--out",
            Path.Combine(_folder.FullName, folder, "tiny.md"),
        ];
        return ["card", .. usual.Chunk(2).Where(a => !arguments.Contains(a[0])).SelectMany(a => a), .. arguments];
    }

    private async Task Refused(string reason, params string[] arguments)
    {
        (int code, _, string errors) = await Card("refused", arguments);
        Assert.Equal(1, code);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("refused")));
    }

    private static string Recall(JsonNode node, string key, JsonNode interval) =>
        Invariant($"{Number(node, key):F2} ({interval[0]!.GetValue<double>():F2}–{interval[1]!.GetValue<double>():F2})");

    private static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();

    private static string WithoutSpeed(string card)
    {
        int from = card.IndexOf("## Speed", StringComparison.Ordinal), to = card.IndexOf("## Limits", StringComparison.Ordinal);
        Assert.InRange(from, 0, to);
        return card.Remove(from, to - from);
    }
}
