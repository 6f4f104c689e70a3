using System.CommandLine;
using System.Numerics;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training;
using Swan.Training.Network;

namespace Swan.Cli.Options;

/// <summary>A flag that changes one training option; a flag that isn't given leaves the configuration file's value.</summary>
/// <param name="Option">As on the command line. It has a default, for the help, where that does not depend on the data.</param>
/// <param name="Apply">Sets the option.</param>
internal sealed record TrainingFlag(Option Option, Func<ParseResult, SwanTrainerOptions, SwanTrainerOptions> Apply)
{
    /// <summary>A number whose default is the same whatever is trained.</summary>
    public static TrainingFlag Number<T>(string name, string description, T given, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply)
        where T : struct, INumber<T> =>
        Make(new NumberOption<T>(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => given }, apply);

    /// <summary>A number that suits the data, or is not set, by default.</summary>
    public static TrainingFlag Number<T>(string name, string description, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply)
        where T : struct, INumber<T> =>
        Make(new NumberOption<T>(name) { Description = description, HelpName = "n" }, apply);

    public static TrainingFlag File(
        string name, string description, string kind, Func<SwanTrainerOptions, string, SwanTrainerOptions> apply) =>
        Make(new Option<string>(name) { Description = description, HelpName = kind }, apply);

    public static TrainingFlag Files(
        string name, string description, string kind, Func<SwanTrainerOptions, string[], SwanTrainerOptions> apply) =>
        Make(new Option<string[]>(name) { Description = description, HelpName = kind }, apply);

    public static TrainingFlag Switch(string name, string description, Func<SwanTrainerOptions, bool, SwanTrainerOptions> apply) =>
        Make(new Option<bool>(name) { Description = description }, apply);

    public static TrainingFlag Device(Func<SwanTrainerOptions, SwanDevice, SwanTrainerOptions> apply) =>
        Make(SharedOptions.Device(), apply);

    /// <summary>One of an enumeration, by the names that JSON uses, so that a flag and a configuration file say the same.</summary>
    public static TrainingFlag Choice<T>(string name, string description, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply)
        where T : struct, Enum
    {
        var byName = Enum.GetValues<T>().ToDictionary(JsonEnumNames.For, v => v, StringComparer.Ordinal);
        return Choice(name, description, byName.Keys, (options, chosen) => apply(options, byName[chosen]));
    }

    /// <summary>One of a list of names.</summary>
    public static TrainingFlag Choice(
        string name, string description, IEnumerable<string> names, Func<SwanTrainerOptions, string, SwanTrainerOptions> apply)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "name" };
        option.AcceptOnlyFromAmong([.. names]);
        return Make(option, apply);
    }

    /// <summary>How validation images are taken.</summary>
    public static TrainingFlag Split(string name, string description, Func<SwanTrainerOptions, SplitRule, SwanTrainerOptions> apply) =>
        Make(new Option<SplitRule>(name)
        {
            Description = description,
            HelpName = "random|scene|group:REGEX",
            CustomParser = given =>
            {
                try
                {
                    return SplitRule.Parse(given.Tokens[0].Value);
                }
                catch (FormatException e)
                {
                    given.AddError($"{name}: {e.Message}");
                    return SplitRule.Scene;
                }
            },
        }, apply);

    private static TrainingFlag Make<T>(Option<T> option, Func<SwanTrainerOptions, T, SwanTrainerOptions> apply) =>
        new(option, (parsed, options) => apply(options, parsed.GetValue(option)!));
}
