using System.Text.Json.Nodes;
using Swan.Training;

namespace Swan.Cli.Tests;

/// <summary>swan in processes that have cultures, as a program has that is built without InvariantGlobalization.</summary>
public sealed class CulturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // A comma or another sign for the decimal point, for minus and between thousands; other digits; an i without a dot.
    public static TheoryData<string> Cultures => ["de_DE", "tr_TR", "sv_SE", "fa_IR"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_configuration_gets_the_numbers_that_were_typed()
    {
        string data = TinyData.Write(_folder.File("data")), run = _folder.File("run"), tiny = _folder.File("tiny.json");
        await File.WriteAllTextAsync(tiny, TinyRun.Options.ToJson(), TestContext.Current.CancellationToken);
        (int code, _, string errors) = await Run("de_DE", "train", "--data", data, "--out", run, "--config", tiny, "--epochs", "1",
            "--learning-rate", "0.0002", "--validation-share", "0.25");
        Assert.True(code == 0, errors);

        string written = await File.ReadAllTextAsync(Path.Combine(run, "config.json"), TestContext.Current.CancellationToken);
        JsonNode config = JsonNode.Parse(written)!;

        Assert.Equal((0.0002, 0.25), (config["learningRate"]!.GetValue<double>(), config["validationShare"]!.GetValue<double>()));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public async Task A_number_with_a_point_is_taken_and_one_with_a_comma_refused(string culture)
    {
        (int code, _, string errors) = await Run(
            culture, "train", "--data", "x", "--out", "y", "--validation-share", "0.25", "--learning-rate", "0,0002");
        Assert.Equal(2, code);
        Assert.Contains("--learning-rate is '0,0002'; expected a number such as 0.0002", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--validation-share", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_have_the_same_bytes_as_without_a_culture()
    {
        for (int i = 0; i < 3; i++) TinyImages.Write(_folder.FullName, $"field_{i}.png", seed: i);
        string[] search = ["search", "--images", _folder.FullName, "--json", "green fields"];
        (_, string expected, _) = await SwanProcess.Run(search);
        foreach (string culture in Cultures.Select(row => row.Data))
        {
            (int code, string output, string errors) = await Run(culture, search);
            Assert.True(code == 0, errors);
            Assert.Equal(expected, output);
        }
        (_, string lines, _) = await Run("fa_IR", [.. search.Where(a => a != "--json"), "--min-probability", "0"]);
        Assert.Matches(@"^ +-?0\.\d{3}  +\d+ %  ", lines.Split('\n')[1]);
    }

    private static async Task<(int Code, string Output, string Errors)> Run(string culture, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0", ["LC_ALL"] = $"{culture}.UTF-8",
        };
        (int code, string output, string errors) = await SwanProcess.Run(environment, arguments);
        Assert.SkipWhen(errors.Contains("valid ICU package", StringComparison.Ordinal), "needs ICU");
        return (code, output, errors);
    }
}
