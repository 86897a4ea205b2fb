import express from "express";
import express4 from "express4";
import { serve } from "./shop.cjs";

serve(process.env.EXPRESS === "express4" ? express4 : express);
