using Swan.MLNet;

namespace Swan.Training.Tests.Training;

public sealed class EarlierOptionNamesTests
{
    [Theory]
    [InlineData("learnValidation", "true", "trainOnValidation", "true")]
    [InlineData("smallestCrop", "0.3", "minCrop", "0.3")]
    [InlineData("minimumWordCount", "5", "minWordCount", "5")]
    [InlineData("maximumWords", "64", "maxWords", "64")]
    [InlineData("backboneStatistics", "fixed", "batchNormMode", "eval")]
    [InlineData("backboneStatistics", "move", "batchNormMode", "train")]
    [InlineData("network.backbone", "compact", "network.backbone", "small_convnet")]
    [InlineData("stratifiedSplit", "true", "validateBy", "earlier_scene")]
    [InlineData("stratifiedSplit", "false", "validateBy", "earlier_random")]
    [InlineData("textInBfloat16", "true", "precision", "bfloat16_text")]
    [InlineData("textInBfloat16", "false", "precision", "float32")]
    [InlineData("epochs", "7", "epochs", "7")]
    public void A_cards_option_gets_its_present_name_and_value(string name, string value, string presentName, string presentValue)
    {
        KeyValuePair<string, string> present =
            Assert.Single(EarlierOptionNames.ToPresent(new Dictionary<string, string> { [name] = value }));
        Assert.Equal(new(presentName, presentValue), present);
    }

    [Fact]
    public void The_present_name_counts_where_a_card_has_both()
    {
        var training = new Dictionary<string, string> { ["minCrop"] = "0.5", ["smallestCrop"] = "0.3" };
        Assert.Equal(new Dictionary<string, string> { ["minCrop"] = "0.5" }, EarlierOptionNames.ToPresent(training));
    }

    [Fact]
    public void A_configuration_of_an_earlier_version_is_refused_with_every_present_name()
    {
        const string Earlier = """
            {
              "network": { "backbone": "compact", "imageSize": 64 }, // what 0.1 wrote
              "backboneStatistics": "fixed", "smallestCrop": 0.3, "minimumWordCount": 1, "maximumWords": 32, "learnValidation": false,
            }
            """;
        var e = Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Parse(Earlier, "run/config.json"));
        Assert.Equal(
            "'run/config.json' was written by an earlier version of Swan, which used other names: "
            + "the value 'compact' of 'network.backbone' is now 'small_convnet'; "
            + "'backboneStatistics' is now 'batchNormMode', and its value 'fixed' is now 'eval'; "
            + "'smallestCrop' is now 'minCrop'; 'minimumWordCount' is now 'minWordCount'; 'maximumWords' is now 'maxWords'; "
            + "'learnValidation' is now 'trainOnValidation'. Rename them there, or start a new run in another folder.", e.Message);
    }

    [Theory]
    [InlineData("true", "earlier_scene"), InlineData("false", "earlier_random")]
    public void An_earlier_split_is_read_as_the_one_that_it_was(string stratified, string rule)
    {
        SwanTrainerOptions options = SwanTrainerOptionsJson.Parse($$"""{ "stratifiedSplit": {{stratified}}, /* 0.1 */ "epochs": 3, }""");
        Assert.Equal((rule, 3), ($"{options.ValidateBy}", options.Epochs));
        Assert.Equal(options, SwanTrainerOptionsJson.Parse(options.ToJson()));
    }

    [Theory]
    [InlineData("""{ "stratifiedSplit": true, "validateBy": "random" }""", "has 'validateBy' and its earlier name 'stratifiedSplit'")]
    [InlineData("""{ "stratifiedSplit": "yes" }""", "stratifiedSplit")]
    public void An_earlier_split_that_is_unclear_is_refused(string json, string fault) => Assert.Contains(
        fault, Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_configuration_renamed_as_the_message_says_is_read()
    {
        SwanTrainerOptions options = SwanTrainerOptionsJson.Parse("""
            {
              "network": { "backbone": "small_convnet" }, "batchNormMode": "eval", "minCrop": 0.3, "minWordCount": 1, "maxWords": 32,
              "trainOnValidation": false
            }
            """);
        Assert.Equal(("small_convnet", BatchNormMode.Eval, 0.3, 1, 32), (
            options.Network.Backbone, options.BatchNormMode, options.MinCrop, options.MinWordCount, options.MaxWords));
    }

    [Theory]
    [InlineData("""{ "textInBfloat16": true, "precision": "float32" }""")]
    [InlineData("""{ "precision": "float32", "textInBfloat16": true }""")]
    [InlineData("""{ "precision": "bfloat16_text", "textInBfloat16": false }""")]
    public void A_precision_under_both_names_is_refused(string json)
    {
        var e = Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Parse(json, "my.json"));
        Assert.Equal(
            "'my.json' has 'precision' and its earlier name 'textInBfloat16', which may differ. Remove 'textInBfloat16'.", e.Message);
    }

    [Theory]
    [InlineData("true"), InlineData("\"true\""), InlineData("false")]
    public void A_value_that_no_version_had_is_not_called_an_earlier_one(string value)
    {
        var e = Assert.Throws<SwanOptionsException>(() => SwanTrainerOptionsJson.Parse($$"""{ "precision": {{value}} }"""));
        Assert.DoesNotContain("earlier", e.Message, StringComparison.Ordinal);
        Assert.Contains("$.precision", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "textInBfloat16": true }""", TrainingPrecision.Bfloat16Text)]
    [InlineData("""{ "textInBfloat16": false }""", TrainingPrecision.Float32)]
    public void The_earlier_option_of_bfloat16_is_read_and_not_written(string json, TrainingPrecision expected)
    {
        SwanTrainerOptions options = SwanTrainerOptionsJson.Parse(json);
        Assert.Equal(expected, options.Precision);
        Assert.DoesNotContain("textInBfloat16", options.ToJson(), StringComparison.Ordinal);
        Assert.Equal(options, SwanTrainerOptionsJson.Parse(options.ToJson()));
    }
}
