using System.Text.Json.Nodes;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Reports;

public sealed class TrainingRecipeTests
{
    [Fact]
    public void The_recipe_read_back_gives_the_same_options_and_the_command_names_files_without_folders()
    {
        SwanTrainerOptions options = TinyRun.Options with
        {
            BackboneWeights = "/secret/lite0.safetensors",
            Vocabulary = "/secret/words.json",
            Teachers = ["/secret/one.swan", "/secret/two.swan"],
            BackboneLearningRate = 1e-5,
        };
        string json = TrainingRecipe.Json(options);
        Assert.Equal(options with { BackboneWeights = null, Vocabulary = null, Teachers = null }, SwanTrainerOptionsJson.Parse(json));
        Assert.Equal(
            "swan train --data DIR --out RUN --config recipe.json --backbone-weights lite0.safetensors --vocabulary words.json --teacher "
            + "one.swan --teacher two.swan",
            TrainingRecipe.Command(options));
    }

    [Fact]
    public void A_recipe_lists_only_what_differs_from_the_defaults()
    {
        JsonObject recipe = JsonNode.Parse(TrainingRecipe.Json(new() { Seed = 3, Network = new() { ImageSize = 64 } }))!.AsObject();
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse("""{ "network": { "imageSize": 64 }, "seed": 3 }"""), recipe), recipe.ToJsonString());
        Assert.Equal("{}", TrainingRecipe.Json(new()));
    }
}
