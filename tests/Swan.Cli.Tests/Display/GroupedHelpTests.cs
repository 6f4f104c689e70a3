using System.CommandLine;
using Swan.Cli.Display;
using Swan.Cli.Options;

namespace Swan.Cli.Tests.Display;

public sealed class GroupedHelpTests
{
    public static TheoryData<string> Commands => [.. All(SwanCommand.Create()).Select(CommandPath.Of)];

    [Theory, MemberData(nameof(Commands))]
    public void A_command_shows_every_option_under_a_heading_and_one_example(string name)
    {
        var command = Assert.IsType<DocumentedCommand>(Named(name));
        string help = HelpOf(command);
        string[] lines = help.Split('\n');
        Assert.All(command.Options, option => Assert.Single(lines, l => $"{l} ".StartsWith($"  {option.Name} ", StringComparison.Ordinal)));
        Assert.All(command.Groups, group => Assert.Contains($"{group.Heading}:", lines));
        Assert.Equal(command.Options, command.Groups.SelectMany(g => g.Options));
        Assert.Contains($"Example:\n  {command.Example}", help, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void The_example_of_a_command_is_a_right_command_line(string name)
    {
        RootCommand root = SwanCommand.Create();
        string example = ((DocumentedCommand)Named(name)).Example;
        if (example.StartsWith("eval ", StringComparison.Ordinal)) example = example.Split("$(")[1].Split(')')[0];
        ParseResult parsed = root.Parse(example["swan ".Length..].Split(" > ")[0]);
        Assert.StartsWith(name, CommandPath.Of(parsed.CommandResult.Command), StringComparison.Ordinal);
        Assert.Empty(parsed.Errors);
    }

    [Theory, MemberData(nameof(Commands))]
    public void An_option_is_described_in_two_sentences_at_most(string name)
    {
        Command command = Named(name);
        Assert.All(command.Options, option =>
        {
            Assert.InRange(option.Description!.Split(". ").Length, 1, 2);
            Assert.EndsWith(".", option.Description, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_file_gets_values_and_defaults_in_lines_that_are_not_wrapped()
    {
        (int code, string help, string errors) = await SwanProcess.Run("train", "--help");
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("Training loss. Values: info_nce, triplet_hardest, triplet_sum.", help, StringComparison.Ordinal);
        Assert.Contains("Default: 0.", help, StringComparison.Ordinal);
        Assert.Contains("Default: options that suit the data and the weights.", help, StringComparison.Ordinal);
        Assert.Contains(help.Split('\n'), line => line.Length > 150);
        Assert.DoesNotContain("\u001b", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_lists_commands_and_exit_codes()
    {
        (int code, string help, _) = await SwanProcess.Run("--help");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^  train +Trains SWAN on a folder of images and captions", help);
        Assert.Matches(@"(?m)^  70 +a bug in swan", help);
        Assert.Matches(@"(?m)^  130 +stopped by Ctrl\+C", help);
        (code, string output, string errors) = await SwanProcess.Run();
        Assert.Equal((2, "", help), (code, output, errors));
    }

    [Fact]
    public void A_narrow_terminal_gets_lines_that_fit()
    {
        var angle = new NumberOption<int>("--angle")
        {
            Description = "Degrees by which everything tilts to the left or to the right.",
            HelpName = "n",
        };
        string help = HelpOf(
            new DocumentedCommand("tilt", "Tilts what is level, with a description that is long for a terminal as narrow as this.",
                "swan tilt")
                .With("Angle", angle), columns: 60);
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 60));
        string[] words = help.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["by", "which", "everything", "tilts"], words.SkipWhile(w => w != "by").Take(4));
    }

    private static IEnumerable<Command> All(Command group) =>
        group.Subcommands.SelectMany(command => All(command).Prepend(command));

    private static Command Named(string path) => All(SwanCommand.Create()).Single(command => CommandPath.Of(command) == path);

    private static string HelpOf(Command command, int columns = int.MaxValue)
    {
        var text = new StringWriter { NewLine = "\n" };
        new GroupedHelp(columns).Write(command, text);
        return text.ToString();
    }
}
