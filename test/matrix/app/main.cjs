require("./shop.cjs").serve(require(process.env.EXPRESS));
