using System.Globalization;
using System.Text.RegularExpressions;

namespace Swan.Samples.Tests.QuickStart;

/// <summary>The README's first command, as its readers run it.</summary>
public sealed partial class QuickStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_arguments_it_draws_scenes_searches_them_and_says_how_well()
    {
        (int code, string output, string errors) = Run();
        Assert.True(code == 0, errors);
        Assert.Contains("120 images, embedded in", output, StringComparison.Ordinal);
        Assert.Equal(15, HitLine().Count(output)); // three queries
        Match share = Share().Match(output);
        // Drawings are not what it learned from; still it has to be far from guessing.
        Assert.InRange(double.Parse(share.Groups["value"].Value, CultureInfo.InvariantCulture),
            3 * double.Parse(share.Groups["chance"].Value, CultureInfo.InvariantCulture), 100);
        Assert.Equal(15, Regex.Count(File.ReadAllText(_folder.File("out/search.html")), "<img src=\"data:image/jpeg;base64,"));
    }

    [Fact]
    public void QuickStart_searches_any_folder_and_skips_what_is_no_image()
    {
        string images = Directory.CreateDirectory(_folder.File("mine")).FullName,
            deeper = Directory.CreateDirectory(Path.Combine(images, "2026")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(i == 2 ? deeper : images, $"photo {i}.png", seed: i);
        File.WriteAllText(Path.Combine(images, "broken.jpg"), "no image");
        File.WriteAllText(Path.Combine(images, "notes.txt"), "no image either");
        Directory.CreateSymbolicLink(Path.Combine(deeper, "up"), images); // in circles
        (int code, string output, string errors) = Run("--images", images, "--query", "a river", "--query", "planes");
        Assert.True(code == 0, errors);
        Assert.Contains("3 images, embedded in", output, StringComparison.Ordinal);
        Assert.Contains("1 of the files can't be read as images", output, StringComparison.Ordinal);
        Assert.Equal(6, HitLine().Count(output));
        Assert.Contains(Path.Combine("2026", "photo 2.png"), output, StringComparison.Ordinal);
        Assert.DoesNotContain("guessing", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--images and --data", "--images", "a", "--data", "b")]
    [InlineData("give --data instead of --images", "--images", "a", "--train")]
    [InlineData("--minutes requires --train", "--minutes", "3")]
    [InlineData("There is no folder 'nowhere'", "--images", "nowhere")]
    public void What_does_not_go_together_is_told_without_a_stack_trace(string expected, params string[] arguments)
    {
        (int code, _, string errors) = Run(arguments);
        Assert.Equal(1, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Errors) Run(params string[] arguments) =>
        ChildProcess.Finish("dotnet",
            [Path.Combine(Built(), "QuickStart.dll"), .. arguments, "--out", _folder.File("out")]);

    private static string Built() => Repository.Output(Path.Combine("samples", "QuickStart"));

    [GeneratedRegex(@"(?m)^    -?\d\.\d\d +\d+ %  \S")]
    private static partial Regex HitLine();

    [GeneratedRegex(@"right scene in the first 5\s+(?<value>[\d.]+) %   by guessing\s+(?<chance>[\d.]+) %")]
    private static partial Regex Share();
}
